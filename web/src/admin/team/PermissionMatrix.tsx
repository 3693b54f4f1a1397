/** The permissions of a role or a key: each subject with its verbs, to tick. */

import { RoleService } from "@contracts/admin/v1/role_service_pb";
import { useMemo, useState } from "react";

import { may } from "../../api/bearer";
import { Checkbox, SearchField } from "../../ui/Field";
import { useCall } from "../data/calls";
import { useSession } from "../data/session";
import { Empty, Loaded } from "../shell/states";
import { areasOf, withPermissions, type Subject } from "./permissions";

interface Props {
  value: readonly string[];
  onChange: (permissions: readonly string[]) => void;
  disabled?: boolean;
}

export function PermissionMatrix({ value, onChange, disabled = false }: Props) {
  const { organization } = useSession();
  const [words, setWords] = useState("");
  const listed = useCall(RoleService.method.listPermissions, { parent: organization });
  const areas = useMemo(() => areasOf(listed.data?.permissions ?? []), [listed.data]);
  const wanted = words.trim().toLowerCase();
  const matches = (subject: Subject) => !wanted || subject.label.toLowerCase().includes(wanted) || subject.permissions.some((each) => each.description.toLowerCase().includes(wanted));
  const shown = areas.map((area) => ({ ...area, subjects: area.subjects.filter(matches) })).filter((area) => area.subjects.length > 0);
  return (
    <Loaded of={listed}>
      {() => (
        <div className="flex flex-col gap-4">
          <SearchField label="Find a permission" value={words} onChange={setWords} />
          {/* It is there before it says something: otherwise screen readers don't read it. */}
          <div role="status" className="empty:-mt-4">
            {wanted && shown.length === 0 && (
              <Empty icon="search" title="No permission matches">
                Try other words, such as documents or delete.
              </Empty>
            )}
          </div>
          {shown.map((area) => (
            <fieldset key={area.id} className="rounded-xl border border-line bg-surface">
              <legend className="ms-3 px-1 text-sm font-semibold">{area.label}</legend>
              <div className="divide-y divide-line">
                {area.subjects.map((subject) => (
                  <Row key={subject.id} subject={subject} value={value} onChange={onChange} disabled={disabled} />
                ))}
              </div>
            </fieldset>
          ))}
        </div>
      )}
    </Loaded>
  );
}

function Row({ subject, value, onChange, disabled }: Required<Props> & { subject: Subject }) {
  const { permissions: held } = useSession();
  const ids = subject.permissions.map((each) => each.id);
  const chosen = ids.filter((id) => value.includes(id));
  return (
    <div role="group" aria-label={subject.label} className="flex flex-wrap items-start gap-x-6 gap-y-1 px-4 py-2">
      <div className="w-full sm:w-48">
        <Checkbox
          label={<span className="font-medium">{subject.label}</span>}
          value={chosen.length === ids.length}
          some={chosen.length > 0 && chosen.length < ids.length}
          disabled={disabled || !ids.every((id) => may(held, id))}
          onChange={(all) => onChange(withPermissions(value, ids, all))}
        />
      </div>
      <div className="flex flex-1 basis-60 flex-wrap gap-x-5">
        {subject.permissions.map(({ id, verb, description }) => (
          <span key={id} title={`${description} (${id})`}>
            <Checkbox
              label={verb}
              description={description}
              value={value.includes(id)}
              disabled={disabled || !may(held, id)}
              onChange={(wanted) => onChange(withPermissions(value, [id], wanted))}
            />
          </span>
        ))}
      </div>
    </div>
  );
}
