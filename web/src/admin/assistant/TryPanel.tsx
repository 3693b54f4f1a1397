import type { Setting } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";
import { Link } from "react-router";

import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { TextField } from "../../ui/Field";
import { useMay } from "../data/session";
import { AnswerCard } from "../playground/AnswerCard";
import { usePreview } from "../playground/preview";

/** One question to the draft, or to what is published where there is none. */
export function TryPanel({ setting }: { setting: Setting }) {
  const may = useMay("core.replies.preview");
  const [question, setQuestion] = useState("");
  const { answer, ask } = usePreview();
  if (!may) return null;
  const text = question.trim();
  return (
    <div className="flex flex-col gap-4">
      <Card title="Try it" about={setting.draft ? "Answers by the draft as it was saved." : "Answers by what is published. Save a draft to try it."}>
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (text) void ask(text, setting.draftVersion ? [setting.draftVersion] : []);
          }}
        >
          <TextField label="Question" value={question} onChange={setQuestion} maxLength={4000} />
          <div className="flex items-center gap-4">
            <Button type="submit" disabled={text === ""} busy={answer?.phase === "asking"}>
              Ask
            </Button>
            <Link to={`/knowledge/playground?compare=draft&question=${encodeURIComponent(text)}`} className="text-sm text-accent underline">
              Compare in the playground
            </Link>
          </div>
        </form>
      </Card>
      {answer && <AnswerCard title={setting.draft ? "Draft" : "Published"} answer={answer} />}
    </div>
  );
}
