import { PresenceState } from "@contracts/agent/v1/presence_pb";

const CHOICES = [
  { state: PresenceState.ONLINE, label: "Online", dot: "bg-live" },
  { state: PresenceState.AWAY, label: "Away", dot: "bg-on-note" },
  { state: PresenceState.OFFLINE, label: "Offline", dot: "bg-edge" },
] as const;

interface Props {
  presence: PresenceState;
  choose: (presence: PresenceState) => void;
}

/** Whether this agent is at work. */
export function PresenceSwitch({ presence, choose }: Props) {
  return (
    <fieldset className="flex rounded-full border border-line bg-sunken p-0.5">
      <legend className="sr-only">Your presence</legend>
      {CHOICES.map(({ state, label, dot }) => (
        <label
          key={label}
          className="flex min-h-8 cursor-pointer items-center gap-1.5 rounded-full px-2.5 text-xs font-semibold text-muted transition-colors has-checked:bg-surface has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent sm:px-3"
        >
          <input type="radio" name="presence" className="sr-only" checked={presence === state} onChange={() => choose(state)} />
          <span className={`size-2 rounded-full ${dot}`} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
