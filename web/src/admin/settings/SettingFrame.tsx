/**
 * The frame of a typed setting: a draft that is saved, compared and published, with a history to return to. The area puts its
 * fields inside.
 */

import { SettingService } from "@contracts/admin/v1/setting_service_pb";
import type { Setting } from "@contracts/admin/v1/setting_pb";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog, Drawer, useConfirm } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { useAction, useCall } from "../data/calls";
import { useEdit } from "../data/edit";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded, Problem } from "../shell/states";
import { EditBar } from "../shell/unsaved";
import { Changes } from "./Changes";
import { History } from "./History";
import { valueOf, wrap, type SettingId, type ValueOf } from "./kinds";

interface Props<Id extends SettingId> {
  setting: Id;
  title: string;
  about?: ReactNode;
  tabs?: readonly { to: string; label: string }[];
  wide?: boolean;
  /** Beside the fields, such as a preview. */
  aside?: (value: ValueOf<Id>, setting: Setting) => ReactNode;
  /** Why this value can't be saved; undefined if it can. */
  check?: (value: ValueOf<Id>) => string | undefined;
  children: (value: ValueOf<Id>, set: (change: Partial<ValueOf<Id>>) => void, mayChange: boolean) => ReactNode;
}

export function SettingFrame<Id extends SettingId>({ setting: id, title, about, tabs, wide = false, ...rest }: Props<Id>) {
  const { organization } = useSession();
  const name = `${organization}/settings/${id}`;
  const loaded = useCall(SettingService.method.getSetting, { name });
  return (
    <Page title={title} about={about} tabs={tabs} wide={wide} actions={loaded.data && <Actions setting={loaded.data} />}>
      <Loaded of={loaded}>{(setting) => <Fields setting={setting} id={id} reread={loaded.retry} {...rest} />}</Loaded>
    </Page>
  );
}

type FieldsProps<Id extends SettingId> = Pick<Props<Id>, "aside" | "check" | "children"> & { id: Id; setting: Setting; reread: () => void };

function Fields<Id extends SettingId>({ id, setting, reread, aside, check, children }: FieldsProps<Id>) {
  const mayChange = useMay("admin.settings.update");
  const update = useAction(SettingService.method.updateSetting, { quiet: true, done: "Draft saved. Publish it to put it in force." });
  const form = useEdit<ValueOf<Id>, typeof SettingService.method.updateSetting.input, typeof SettingService.method.updateSetting.output>(
    valueOf(id, setting.draft ?? setting.published),
    { etag: setting.etag, action: update, reread, request: (value, etag) => ({ setting: { name: setting.name, draft: wrap(id, value), etag }, updateMask: { paths: ["draft"] } }) },
  );
  const fields = (
    <fieldset disabled={!mayChange} className="min-w-0">
      {children(form.value, form.set, mayChange)}
    </fieldset>
  );
  return (
    <>
      {aside ? (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(18rem,26rem)]">
          {fields}
          <div className="lg:sticky lg:top-6">{aside(form.value, setting)}</div>
        </div>
      ) : (
        fields
      )}
      <EditBar form={form} save="Save draft" problem={check?.(form.value)} />
    </>
  );
}

function Actions({ setting }: { setting: Setting }) {
  const [search, setSearch] = useSearchParams();
  const [publishing, setPublishing] = useState(false);
  const mayPublish = useMay("admin.settings.publish");
  const mayChange = useMay("admin.settings.update");
  const confirm = useConfirm();
  const discard = useAction(SettingService.method.discardSettingDraft, { done: "Draft discarded" });
  const show = (history: boolean) =>
    setSearch((known) => {
      if (history) known.set("history", "1");
      else known.delete("history");
      return known;
    });
  const dropDraft = async () => {
    const text = "What is published stays in force.";
    if (await confirm({ title: "Discard the draft?", text, yes: "Discard", danger: true })) await discard.run({ name: setting.name, etag: setting.etag });
  };
  return (
    <>
      {setting.draft ? <Badge look="warn">Draft</Badge> : <Published setting={setting} />}
      <Button icon="clock" onClick={() => show(true)}>
        History
      </Button>
      {setting.draft && mayChange && (
        <Button busy={discard.busy} onClick={() => void dropDraft()}>
          Discard draft
        </Button>
      )}
      {setting.draft && mayPublish && (
        <Button look="primary" onClick={() => setPublishing(true)}>
          Publish
        </Button>
      )}
      {publishing && <Publish setting={setting} onClose={() => setPublishing(false)} />}
      <Drawer title="History" open={search.has("history")} onClose={() => show(false)} wide>
        <History setting={setting} mayPublish={mayPublish} />
      </Drawer>
    </>
  );
}

function Published({ setting }: { setting: Setting }) {
  if (!setting.publishedVersion) return <Badge>Defaults</Badge>;
  return (
    <Badge look="good">
      Published <Ago at={setting.publishTime} />
    </Badge>
  );
}

/** Shows what changes, asks for a comment, and publishes. */
function Publish({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const [comment, setComment] = useState("");
  const publish = useAction(SettingService.method.publishSetting, { quiet: true, done: "Published" });
  const submit = async () => {
    if (await publish.run({ name: setting.name, comment: comment.trim(), etag: setting.etag })) onClose();
  };
  return (
    <Dialog
      title="Publish this draft?"
      open
      onClose={onClose}
      wide
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={publish.busy} onClick={() => void submit()}>
            Publish
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>It is in force within a second. You can return to any earlier version.</p>
        <Changes setting={setting.name} />
        <TextField label="What changes, for your colleagues" value={comment} onChange={setComment} maxLength={500} />
        {publish.failure && <Problem failure={publish.failure} small />}
      </div>
    </Dialog>
  );
}
