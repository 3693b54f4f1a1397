/** The organization: its name, language and time zone. */

import type { Organization } from "@contracts/admin/v1/organization_pb";
import { OrganizationService } from "@contracts/admin/v1/organization_service_pb";

import { Card, Facts } from "../../ui/Card";
import { CopyButton } from "../../ui/Copy";
import { TextField } from "../../ui/Field";
import { ComboBox } from "../../ui/Select";
import { useAction, useCall } from "../data/calls";
import { useEdit } from "../data/edit";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded } from "../shell/states";
import { EditBar } from "../shell/unsaved";
import { useSettingTabs } from "./tabs";
import { TIME_ZONES } from "./zones";

export function Component() {
  const { organization } = useSession();
  const loaded = useCall(OrganizationService.method.getOrganization, { name: organization });
  return (
    <Page title="Organization" tabs={useSettingTabs()}>
      <Loaded of={loaded}>{(each) => <Details organization={each} reread={loaded.retry} />}</Loaded>
    </Page>
  );
}

function Details({ organization, reread }: { organization: Organization; reread: () => void }) {
  const mayUpdate = useMay("admin.organizations.update");
  const update = useAction(OrganizationService.method.updateOrganization, { quiet: true, done: "Saved" });
  const form = useEdit(
    { displayName: organization.displayName, language: organization.language || "en", timeZone: organization.timeZone || "UTC" },
    {
      etag: organization.etag,
      action: update,
      reread,
      request: (value, etag) => ({ organization: { name: organization.name, ...value, etag }, updateMask: { paths: ["display_name", "language", "time_zone"] } }),
    },
  );
  return (
    <>
      <Card>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" value={form.value.displayName} onChange={(displayName) => form.set({ displayName })} maxLength={100} required disabled={!mayUpdate} help="Customers read it too." />
          <TextField label="Language" value={form.value.language} onChange={(language) => form.set({ language })} maxLength={35} disabled={!mayUpdate} help="A language tag such as en, de or pt-BR." />
          <ComboBox label="Time zone" value={form.value.timeZone} onChange={(timeZone) => form.set({ timeZone })} options={TIME_ZONES} disabled={!mayUpdate} help="Reports and business hours use it." />
        </div>
      </Card>
      <div className="mt-4">
        <Card title="For signing in and for programs">
          <Facts
            rows={[
              [
                "Id",
                <span key="id" className="flex flex-wrap items-center gap-2">
                  <code className="font-mono">{idOf(organization.name)}</code>
                  <CopyButton text={idOf(organization.name)} look="quiet" />
                </span>,
              ],
            ]}
          />
        </Card>
      </div>
      <EditBar form={form} />
    </>
  );
}
