import "../ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Chat } from "../widget/chat";
import { useOpen, Widget } from "../widget/Widget";
import { ShopPage, TOPICS } from "./ShopPage";

const SUGGESTIONS = TOPICS.slice(0, 4).map(({ question }) => question);

function App({ chat }: { chat: Chat }) {
  const [open, setOpen] = useOpen();
  return (
    <>
      <ShopPage
        chat={() => setOpen(true)}
        ask={(question) => {
          setOpen(true);
          chat.say(question);
        }}
      />
      <Widget chat={chat} title="Quillmere" suggestions={SUGGESTIONS} open={open} setOpen={setOpen} />
    </>
  );
}

const root = document.getElementById("root")!;
const chat = new Chat(root.dataset.channel!, () => root.dataset.identity ?? "");
chat.resume();
createRoot(root).render(
  <StrictMode>
    <App chat={chat} />
  </StrictMode>,
);
