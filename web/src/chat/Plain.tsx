/** Plain text with its lines, and its web addresses as links. */

const ADDRESS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

export function Plain({ text }: { text: string }) {
  return (
    <p dir="auto" className="leading-[1.5] break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
      {text.split(ADDRESS).map((part, index) =>
        index % 2 === 1 ? (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
