import { create } from "@bufbuild/protobuf";
import { InvitationState } from "@contracts/admin/v1/invitation_pb";
import { CreateInvitationResponseSchema } from "@contracts/admin/v1/invitation_service_pb";
import { expect, it } from "vitest";

import { invite } from "./invite";

const ANN = { line: 1, email: "ann@o.example", name: "Ann", roles: ["agent"] };

/** Repeats the invitation that was made under a request id, without its link, as admin does. */
class Server {
  readonly made = new Map<string, InvitationState>();

  readonly create = (requestId: string) => {
    const before = this.made.get(requestId);
    const state = before ?? InvitationState.PENDING;
    this.made.set(requestId, state);
    return Promise.resolve(create(CreateInvitationResponseSchema, { invitation: { state }, link: before === undefined ? `/join#${requestId}` : "" }));
  };

  /** All invitations end so. */
  end(state: InvitationState): void {
    for (const id of this.made.keys()) this.made.set(id, state);
  }
}

it("invites a person once, however often the file is used", async () => {
  const server = new Server();
  const first = await invite(ANN, "run1", server.create);
  expect(first).toEqual({ text: "Invited: pass the link on", link: expect.stringMatching(/^\/join#import-[0-9a-f]{32}$/) });
  expect(await invite(ANN, "run2", server.create)).toEqual({ text: "Invited before, and that link still works", link: "" });
  expect(server.made.size).toBe(1);
});

it.each([
  [InvitationState.REVOKED, "Invited: pass the link on (the invitation before was taken back)"],
  [InvitationState.EXPIRED, "Invited: pass the link on (the invitation before had expired)"],
  [InvitationState.ACCEPTED, "Invited: pass the link on (the invitation before was used)"],
])("invites again whom an ended invitation doesn't let in", async (state, text) => {
  const server = new Server();
  await invite(ANN, "run1", server.create);
  server.end(state);
  const again = await invite(ANN, "run2", server.create);
  expect(again).toEqual({ text, link: expect.stringMatching(/-run2$/) });
  expect((await invite(ANN, "run2", server.create)).link).toBe(""); // the same import makes no third one
  expect(server.made.size).toBe(2);
});
