import { create } from "@bufbuild/protobuf";
import { PermissionSchema } from "@contracts/admin/v1/role_pb";
import { expect, test } from "vitest";

import { areasOf, roleId, withPermissions } from "./permissions";

const permission = (id: string, assignable = true) => create(PermissionSchema, { id, description: `Does ${id}`, assignable });

test("permissions are grouped by service and noun, reading first, without those that no role may have", () => {
  const areas = areasOf([
    permission("channel.webChat.use", false),
    permission("core.conversations.close"),
    permission("core.conversations.read"),
    permission("memory.documents.create"),
  ]);
  expect(areas.map((area) => area.id)).toEqual(["core", "memory"]);
  expect(areas[0]?.subjects).toEqual([
    {
      id: "core.conversations",
      label: "Conversations",
      permissions: [
        { id: "core.conversations.read", verb: "Read", description: "Does core.conversations.read" },
        { id: "core.conversations.close", verb: "Close", description: "Does core.conversations.close" },
      ],
    },
  ]);
});

test("adding and taking away permissions keeps the others, each once", () => {
  expect(withPermissions(["b", "a"], ["c", "b"], true)).toEqual(["a", "b", "c"]);
  expect(withPermissions(["a", "b", "c"], ["b", "x"], false)).toEqual(["a", "c"]);
});

test.each([
  ["Team lead", "team-lead"],
  ["  Ärzte & Pflege!  ", "arzte-pflege"],
  ["日本", ""],
  ["x".repeat(80), "x".repeat(63)],
])("the id of the role %j is %j", (name, id) => {
  expect(roleId(name)).toBe(id);
});
