import { durationMs } from "@bufbuild/protobuf/wkt";
import { ReplyService, type TestModelResponse } from "@contracts/core/v1/reply_service_pb";
import { useState } from "react";

import { Icon } from "../../ui/Icon";
import { useAction } from "../data/calls";
import { useSession } from "../data/session";
import { amount, took } from "../playground/preview";

export interface ModelTest {
  run: (model: string, credential: string, revision?: bigint, temperature?: number | undefined) => Promise<boolean>;
  busy: boolean;
  /** The last result, drawn; null: there is none. */
  result: React.ReactNode;
  clear: () => void;
}

/** Tries a model, and says in a sentence what is wrong. */
export function useModelTest(): ModelTest {
  const { organization } = useSession();
  const test = useAction(ReplyService.method.testModel, { quiet: true, refresh: [] });
  const [tried, setTried] = useState<TestModelResponse>();
  return {
    run: async (model, credential, revision = 0n, temperature) => {
      setTried(undefined);
      const found = await test.run({ parent: organization, model, credential, credentialRevision: revision, ...(temperature !== undefined && { temperature }) });
      setTried(found);
      return found?.works ?? false;
    },
    busy: test.busy,
    result: test.failure ? <Bad>{test.failure.sentence}</Bad> : tried ? <Tried result={tried} /> : null,
    clear: () => {
      setTried(undefined);
      test.clear();
    },
  };
}

function Tried({ result }: { result: TestModelResponse }) {
  if (!result.works) return <Bad>{result.message}</Bad>;
  const first = result.firstTextDuration ? ` First words after ${took(durationMs(result.firstTextDuration))}.` : "";
  return (
    <p role="status" className="flex items-start gap-2 rounded-lg bg-soft px-3 py-2 text-sm text-on-soft">
      <Icon name="check" className="mt-0.5 size-4" />
      It works.{first}
      {result.cost && ` This test cost ${amount(result.cost)}.`}
    </p>
  );
}

function Bad({ children }: { children: React.ReactNode }) {
  return (
    <p role="alert" className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
      <Icon name="alert" className="mt-0.5 size-4" />
      {children}
    </p>
  );
}
