/** Records a voice message with the browser's microphone. */

import { useEffect, useRef, useState } from "react";

/** Longer ones end on their own. */
export const MAX_SECONDS = 300;
/** Formats by preference; the service recognizes all of them. */
const FORMATS = [
  { type: "audio/webm;codecs=opus", extension: "webm" },
  { type: "audio/ogg;codecs=opus", extension: "ogg" },
  { type: "audio/mp4", extension: "m4a" },
] as const;

export type Problem = "refused" | "missing" | "failed";

export interface Recorder {
  /** `asking`: the browser asks for the permission. */
  phase: "idle" | "asking" | "recording";
  seconds: number;
  problem: Problem | undefined;
  start(): void;
  /** Ends the recording and hands it on. */
  finish(): void;
  /** Ends the recording and forgets it. */
  cancel(): void;
}

/** Whether this browser can record at all. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && navigator.mediaDevices !== undefined;
}

/** `named` names the file without its extension. */
export function useRecorder(named: string, recorded: (file: File) => void): Recorder {
  const [phase, setPhase] = useState<Recorder["phase"]>("idle");
  const [seconds, setSeconds] = useState(0);
  const [problem, setProblem] = useState<Problem>();
  const current = useRef<Recording | undefined>(undefined);
  useEffect(() => () => current.current?.end(false), []);
  useEffect(() => {
    if (phase !== "recording") return;
    const began = Date.now();
    const timer = setInterval(() => {
      const passed = Math.floor((Date.now() - began) / 1000);
      setSeconds(passed);
      if (passed >= MAX_SECONDS) current.current?.end(true);
    }, 250);
    return () => clearInterval(timer);
  }, [phase]);

  const start = async () => {
    setProblem(undefined);
    setSeconds(0);
    setPhase("asking");
    try {
      current.current = await record(named, (file) => {
        current.current = undefined;
        setPhase("idle");
        if (file) recorded(file);
      });
      setPhase("recording");
    } catch (error) {
      setPhase("idle");
      setProblem(problemOf(error));
    }
  };
  const end = (keep: boolean) => current.current?.end(keep);
  return { phase, seconds, problem, start: () => void start(), finish: () => end(true), cancel: () => end(false) };
}

interface Recording {
  end(keep: boolean): void;
}

async function record(named: string, ended: (file: File | undefined) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const format = FORMATS.find(({ type }) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, format && { mimeType: format.type });
  const pieces: Blob[] = [];
  let kept = true;
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop();
    const name = `${named}.${format?.extension ?? "bin"}`;
    ended(kept ? new File(pieces, name, { type: recorder.mimeType }) : undefined);
  };
  recorder.start();
  return {
    end: (keep) => {
      kept = keep;
      if (recorder.state !== "inactive") recorder.stop();
    },
  };
}

function problemOf(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotFoundError" ? "missing" : "failed";
}
