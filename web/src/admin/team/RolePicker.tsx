/** The roles that someone has. */

import { Checkbox } from "../../ui/Field";
import { LABEL } from "../../ui/look";
import { Loaded, Skeleton } from "../shell/states";
import { useRoles } from "./roles";

interface Props {
  value: readonly string[];
  onChange: (roles: readonly string[]) => void;
  disabled?: boolean;
}

export function RolePicker({ value, onChange, disabled = false }: Props) {
  const { query } = useRoles();
  return (
    <fieldset>
      <legend className={`${LABEL} mb-1`}>Roles</legend>
      <Loaded of={query} skeleton={<Skeleton rows={3} />}>
        {({ roles }) =>
          roles.map((role) => (
            <Checkbox
              key={role.name}
              label={role.displayName}
              help={role.description}
              disabled={disabled}
              value={value.includes(role.name)}
              onChange={(chosen) => onChange(chosen ? [...value, role.name] : value.filter((name) => name !== role.name))}
            />
          ))
        }
      </Loaded>
    </fieldset>
  );
}
