/** The published versions, with time and author, and the way back to each. */

import { SettingService } from "@contracts/admin/v1/setting_service_pb";
import type { Setting, SettingVersion } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { useConfirm } from "../../ui/Dialog";
import { Name } from "../../ui/Name";
import { useAction, usePages } from "../data/calls";
import { idOf } from "../data/session";
import { Empty, Loaded } from "../shell/states";
import { useNameOf } from "../team/names";
import { Changes } from "./Changes";

export function History({ setting, mayPublish }: { setting: Setting; mayPublish: boolean }) {
  const versions = usePages(SettingService.method.listSettingVersions, { parent: setting.name, publishedOnly: true }, (page) => page.versions);
  return (
    <Loaded of={versions} empty={<Empty icon="clock" title="Nothing was published yet">The defaults are in force.</Empty>}>
      {(rows) => (
        <>
          <ol className="flex flex-col gap-3">
            {rows.map((version) => (
              <Version key={version.name} version={version} setting={setting} mayPublish={mayPublish} />
            ))}
          </ol>
          {versions.hasMore && (
            <Button busy={versions.loadingMore} onClick={versions.more} className="mt-4">
              Show older versions
            </Button>
          )}
        </>
      )}
    </Loaded>
  );
}

function Version({ version, setting, mayPublish }: { version: SettingVersion; setting: Setting; mayPublish: boolean }) {
  const [open, setOpen] = useState(false);
  const nameOf = useNameOf();
  const confirm = useConfirm();
  const rollback = useAction(SettingService.method.rollbackSetting, { done: `Version ${idOf(version.name)} is in force again` });
  const here = version.name === setting.publishedVersion;
  const back = async () => {
    const text = "It is in force within a second. A draft that you have stays as it is.";
    if (await confirm({ title: `Return to version ${idOf(version.name)}?`, text, yes: "Return" })) await rollback.run({ name: setting.name, version: version.name, etag: setting.etag });
  };
  return (
    <li className="rounded-xl border border-line px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="font-medium">Version {idOf(version.name)}</p>
        {here && <Badge look="good">In force</Badge>}
        <p className="text-xs text-muted">
          <Name>{nameOf(version.author)}</Name>, <Ago at={version.publishTime} />
        </p>
        <span className="flex-1" />
        {!here && (
          <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide" : "Compare"}
          </Button>
        )}
        {!here && mayPublish && (
          <Button busy={rollback.busy} onClick={() => void back()}>
            Roll back
          </Button>
        )}
      </div>
      {version.comment && <p className="mt-1 text-sm">{version.comment}</p>}
      {open && (
        <div className="mt-3">
          <p className="mb-2 text-xs text-muted">From what is in force to this version:</p>
          <Changes setting={setting.name} before={setting.publishedVersion} after={version.name} />
        </div>
      )}
    </li>
  );
}
