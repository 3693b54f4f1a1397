import { useStore } from "../chat/store";
import { Dialog } from "../ui/Dialog";
import { Switch } from "../ui/Switch";
import { setShortcuts, SHORTCUTS, shortcutsOn } from "./shortcuts";

/** All shortcuts, and the switch that turns them off. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { on } = useStore(shortcutsOn);
  return (
    <Dialog title="Keyboard shortcuts" open onClose={onClose}>
      <div className="flex flex-col gap-5">
        <Switch label="Use single keys as shortcuts" value={on} onChange={setShortcuts} help="Turn this off if you control the page by voice. ? always shows this list." />
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1.5 font-semibold text-muted">{title}</h3>
            <dl className="flex flex-col gap-1">
              {shortcuts.map(({ key, does }) => (
                <div key={key} className="flex items-center justify-between gap-4">
                  <dt>{does}</dt>
                  <dd>
                    <kbd className="inline-block min-w-7 rounded-md border border-edge bg-sunken px-2 text-center font-mono text-xs leading-6">{key}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
