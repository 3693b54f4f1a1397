/** One role: its name and what it allows. `new` makes one. */

import type { Role } from "@contracts/admin/v1/role_pb";
import { RoleService } from "@contracts/admin/v1/role_service_pb";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { Banner } from "../../ui/Banner";
import { bottomBar } from "../../ui/bars";
import { Button } from "../../ui/Button";
import { useConfirm } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction, useCall, useRequestId } from "../data/calls";
import { useEdit } from "../data/edit";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded, Problem } from "../shell/states";
import { EditBar } from "../shell/unsaved";
import { PermissionMatrix } from "./PermissionMatrix";
import { roleId } from "./permissions";
import { useRoles } from "./roles";

const BACK = { to: "/team/roles", label: "Roles" };

export function Component() {
  const { role } = useParams();
  return role === "new" ? <NewRole /> : <Existing key={role} id={role ?? ""} />;
}

function Existing({ id }: { id: string }) {
  const { organization } = useSession();
  const loaded = useCall(RoleService.method.getRole, { name: `${organization}/roles/${id}` });
  const mayDelete = useMay("admin.roles.delete");
  const remove = useAction(RoleService.method.deleteRole, { done: "Role deleted", refresh: [RoleService.method.listRoles] });
  const confirm = useConfirm();
  const navigate = useNavigate();
  const erase = async (role: Role) => {
    const text = "Everyone who has this role loses it immediately. People without a role can sign in but can't do anything.";
    if (!(await confirm({ title: `Delete the role ${role.displayName}?`, text, yes: "Delete", danger: true }))) return;
    if (await remove.run({ name: role.name, etag: role.etag })) void navigate("/team/roles");
  };
  const own = loaded.data && !loaded.data.builtIn ? loaded.data : undefined;
  return (
    <Page
      title={loaded.data?.displayName ?? "Role"}
      about={loaded.data?.description}
      back={BACK}
      actions={
        own && mayDelete && (
          <Button look="danger" busy={remove.busy} onClick={() => void erase(own)}>
            Delete
          </Button>
        )
      }
    >
      <Loaded of={loaded}>{(role) => <Details role={role} reread={loaded.retry} />}</Loaded>
    </Page>
  );
}

function Details({ role, reread }: { role: Role; reread: () => void }) {
  const mayUpdate = useMay("admin.roles.update") && !role.builtIn;
  const update = useAction(RoleService.method.updateRole, { quiet: true, done: "Saved" });
  const form = useEdit(
    { displayName: role.displayName, description: role.description, permissions: role.permissions },
    {
      etag: role.etag,
      action: update,
      reread,
      request: (value, etag) => ({ role: { name: role.name, ...value, etag }, updateMask: { paths: ["display_name", "description", "permissions"] } }),
    },
  );
  const everything = role.permissions.includes("*");
  return (
    <div className="flex flex-col gap-4">
      {role.builtIn && (
        <div className="overflow-hidden rounded-xl">
          <Banner icon="lock">Built-in roles are the same everywhere and can't be changed. Make a role of your own from this one instead.</Banner>
        </div>
      )}
      {mayUpdate && (
        <>
          <TextField label="Name" value={form.value.displayName} onChange={(displayName) => form.set({ displayName })} maxLength={100} required />
          <TextField label="For whom it is meant" value={form.value.description} onChange={(description) => form.set({ description })} maxLength={500} />
        </>
      )}
      {everything ? (
        <p className="text-sm">This role allows everything there is now and later.</p>
      ) : (
        <PermissionMatrix value={form.value.permissions} onChange={(permissions) => form.set({ permissions: [...permissions] })} disabled={!mayUpdate} />
      )}
      <EditBar form={form} problem={form.value.permissions.length === 0 ? "Choose at least one permission" : undefined} />
    </div>
  );
}

function NewRole() {
  const { organization } = useSession();
  const { requestId } = useRequestId();
  const { roles } = useRoles();
  const navigate = useNavigate();
  const [displayName, setDisplayName] = useState("");
  const [description, setDescription] = useState("");
  const [permissions, setPermissions] = useState<readonly string[]>([]);
  const [from, setFrom] = useState("");
  const create = useAction(RoleService.method.createRole, { quiet: true, done: (role) => `Role ${role.displayName} created` });
  const id = roleId(displayName) || (displayName.trim() ? `role-${requestId.slice(0, 8)}` : "");
  const templates = roles.filter((role) => !role.permissions.includes("*"));
  const submit = async () => {
    const role = { displayName: displayName.trim(), description: description.trim(), permissions: [...permissions] };
    const made = await create.run({ parent: organization, role, roleId: id, requestId });
    if (made) void navigate(`/team/roles/${idOf(made.name)}`);
  };
  return (
    <Page title="New role" back={BACK}>
      <div className="flex flex-col gap-4">
        <TextField label="Name" value={displayName} onChange={setDisplayName} maxLength={100} required autoFocus help={id ? `Its id: ${id}` : undefined} />
        <TextField label="For whom it is meant" value={description} onChange={setDescription} maxLength={500} />
        <Select
          label="Begin with the permissions of"
          value={from}
          placeholder="No role"
          onChange={(name) => {
            setFrom(name);
            setPermissions(templates.find((role) => role.name === name)?.permissions ?? []);
          }}
          options={templates.map((role) => ({ id: role.name, label: role.displayName }))}
          className="max-w-xs"
        />
        <PermissionMatrix value={permissions} onChange={setPermissions} />
        {create.failure && <Problem failure={create.failure} small />}
        <div ref={bottomBar} className="sticky bottom-4 flex items-center justify-end gap-2 rounded-xl border border-line bg-surface px-4 py-2.5 shadow-panel">
          <p className="flex-1 text-sm text-muted">{permissions.length} {permissions.length === 1 ? "permission" : "permissions"}</p>
          <Button look="primary" busy={create.busy} disabled={!id || permissions.length === 0} onClick={() => void submit()}>
            Create role
          </Button>
        </div>
      </div>
    </Page>
  );
}
