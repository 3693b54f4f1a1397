import { create } from "@bufbuild/protobuf";
import { DeliverySchema, DeliveryState } from "@contracts/channel/v1/delivery_pb";
import { expect, it } from "vitest";

import { byMessage } from "./deliveries";

const delivery = (message: string, part: number, state: DeliveryState) => create(DeliverySchema, { message, part, state });

it("shows the part of a message that has come the least far", () => {
  const found = byMessage([
    delivery("a", 1, DeliveryState.READ),
    delivery("a", 2, DeliveryState.SENT),
    delivery("b", 1, DeliveryState.DELIVERED),
    delivery("b", 2, DeliveryState.FAILED),
  ]);
  expect([found.get("a")?.state, found.get("b")?.state]).toEqual([DeliveryState.SENT, DeliveryState.FAILED]);
});
