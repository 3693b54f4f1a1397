/** How far the set-up is, as the services know it. */

import { SettingService } from "@contracts/admin/v1/setting_service_pb";
import { UserService } from "@contracts/admin/v1/user_service_pb";
import { ChannelKind, type Channel } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { DocumentService } from "@contracts/memory/v1/document_service_pb";

import { useCall } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { stepsOf, type Step } from "./steps";

const SEEN_AGAIN_MS = 10_000;

/** The first web chat of the organization. */
export function useWebChat(): Channel | undefined {
  const { organization } = useSession();
  const channels = useCall(ChannelService.method.listChannels, { parent: organization, pageSize: 100 }, { enabled: useMay("channel.channels.read"), every: SEEN_AGAIN_MS });
  return channels.data?.channels.find((channel) => channel.kind === ChannelKind.WEB_CHAT);
}

/** The steps with what is known of them, and whether more is about to be known. */
export function useProgress(): { steps: readonly Step[]; loading: boolean } {
  const { organization } = useSession();
  const parent = organization;
  const may = {
    documents: useMay("memory.documents.read"),
    users: useMay("admin.users.read"),
    settings: useMay("admin.settings.read"),
    channels: useMay("channel.channels.read"),
  };
  const documents = useCall(DocumentService.method.listDocuments, { parent, pageSize: 1 }, { enabled: may.documents });
  const users = useCall(UserService.method.listUsers, { parent, pageSize: 2 }, { enabled: may.users });
  const assistant = useCall(SettingService.method.getSetting, { name: `${organization}/settings/assistant` }, { enabled: may.settings });
  const channels = useCall(ChannelService.method.listChannels, { parent, pageSize: 100 }, { enabled: may.channels });
  const awaited = [may.documents && documents, may.users && users, may.settings && assistant, may.channels && channels];
  return {
    loading: awaited.some((query) => query && !query.data && !query.failure),
    steps: stepsOf({
      documents: documents.data?.documents.length,
      assistantPublished: assistant.data && assistant.data.publishedVersion !== "",
      webChat: channels.data?.channels.some((channel) => channel.kind === ChannelKind.WEB_CHAT),
      users: users.data?.users.length,
    }),
  };
}
