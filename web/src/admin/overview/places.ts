/** The organization's time zone and channels, for filters. */

import { OrganizationService } from "@contracts/admin/v1/organization_service_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { useMemo } from "react";

import { useCall, usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";

/** The organization's time zone; empty while it isn't known. Without the right to read the organization it is the browser's. */
export function useTimeZone(): string {
  const { organization } = useSession();
  const may = useMay("admin.organizations.read");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const { data, failure } = useCall(OrganizationService.method.getOrganization, { name: organization }, { enabled: may });
  if (!may || failure) return own;
  return data ? data.timeZone || "UTC" : "";
}

/** The channels as choices, by name. */
export function useChannels(): readonly { id: string; label: string }[] {
  const { organization } = useSession();
  const may = useMay("channel.channels.read");
  const channels = usePages(ChannelService.method.listChannels, { parent: organization }, (page) => page.channels, { enabled: may });
  return useMemo(
    () => (channels.data ?? []).map(({ name, displayName }) => ({ id: idOf(name), label: displayName || idOf(name) })).sort((a, b) => a.label.localeCompare(b.label)),
    [channels.data],
  );
}
