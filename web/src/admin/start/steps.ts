/** The steps to a chat on one's own site, and which are done. */

import type { IconName } from "../../ui/Icon";

export interface Facts {
  /** Documents that the assistant knows; undefined while unknown. */
  documents: number | undefined;
  /** Whether the assistant's settings were published, or the operator's model is used as it is. */
  assistantPublished: boolean | undefined;
  /** Whether there is a web chat. */
  webChat: boolean | undefined;
  /** People who may sign in. */
  users: number | undefined;
}

export interface Step {
  id: "knowledge" | "assistant" | "widget" | "team";
  title: string;
  text: string;
  icon: IconName;
  to: string;
  action: string;
  /** Undefined: not known. */
  done: boolean | undefined;
}

export function stepsOf({ documents, assistantPublished, webChat, users }: Facts): readonly Step[] {
  return [
    {
      id: "knowledge",
      title: "Load your knowledge",
      text: "Files, texts, pages or a whole site. The assistant answers from these, and says where it read it.",
      icon: "book",
      to: "/knowledge/documents",
      action: "Add knowledge",
      done: documents === undefined ? undefined : documents > 0,
    },
    {
      id: "assistant",
      title: "Set up the assistant",
      text: "Give it a name and a tone, and connect a model. Try it before customers meet it.",
      icon: "assistant",
      to: "/assistant",
      action: "Set up",
      done: assistantPublished,
    },
    {
      id: "widget",
      title: "Choose how the chat looks",
      text: "Name, logo, colours and greeting of the chat on your site.",
      icon: "plug",
      to: "/channels",
      action: "Open channels",
      done: webChat,
    },
    {
      id: "team",
      title: "Invite a colleague",
      text: "Someone who answers when the assistant can't.",
      icon: "team",
      to: "/team?invite=1",
      action: "Invite a colleague",
      done: users === undefined ? undefined : users > 1,
    },
  ];
}
