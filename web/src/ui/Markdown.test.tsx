import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import { isLinkable, Markdown, SafeLink } from "./Markdown";
import { Name } from "./Name";

type Marks = [at: number, index: number][];

const html = (text: string, ...marks: Marks) =>
  renderToStaticMarkup(
    <Markdown text={text} marks={marks.map(([at, index]) => ({ at, index }))} mark={(index) => <b>source {index}</b>} />,
  ).replace(/^<div class="prose">|<\/div>$| dir="auto"/g, "");

it("draws what answers are made of", () => {
  expect(html("**Two** days, *or* `less`.")).toBe("<p><strong>Two</strong> days, <em>or</em> <code>less</code>.</p>");
  expect(html("- one\n- two")).toBe("<ul><li>one</li><li>two</li></ul>");
  expect(html("3. one\n4. two")).toBe('<ol start="3"><li>one</li><li>two</li></ol>');
  expect(html("# Title")).toBe("<h3>Title</h3>");
  expect(html("| Region | Price |\n|---|---|\n| Zone 1 | €3.95 |")).toContain("<td>€3.95</td>");
});

it("draws numbers of sources at their places, also two in a row", () => {
  expect(html("Two days.", [9, 1], [9, 12])).toBe("<p>Two days.<b>source 1</b><b>source 12</b></p>");
  expect(html("**Free!** from €60.", [9, 1], [18, 2])).toBe("<p><strong>Free!</strong><b>source 1</b> from €60<b>source 2</b>.</p>");
  expect(html("A 🏕️ & <tent>", [4, 1])).toBe("<p>A 🏕️<b>source 1</b> &amp; &lt;tent&gt;</p>");
  expect(html("- one\n- two", [5, 1], [11, 2])).toBe("<ul><li>one<b>source 1</b></li><li>two<b>source 2</b></li></ul>");
  expect(html("One", [99, 1])).toBe("<p>One<b>source 1</b></p>");
});

it("takes a number that someone typed for text", () => {
  expect(html("Two days. [1]")).toBe("<p>Two days. [1]</p>");
  expect(html("`a[1]`")).toBe("<p><code>a[1]</code></p>");
  expect(html("x <\u{F0001}>", [1, 2])).toBe("<p>x<b>source 2</b> &lt;\ufffd&gt;</p>");
});

it("keeps addresses and code free of numbers", () => {
  expect(html("See https://a.example/x", [23, 1])).toContain('href="https://a.example/x"');
  expect(html("See https://a.example/x", [23, 1])).toContain("</a><b>source 1</b>");
  expect(html("`code`", [3, 1])).toBe("<p><code>code</code></p>");
  expect(html("```\nx\n```", [9, 1])).toBe("<pre><code>x</code></pre><p><b>source 1</b></p>");
  expect(html("[a](https://b.example)", [6, 1])).not.toContain("source");
});

it("shows raw HTML as the text that it is", () => {
  expect(html("Hi <img src=x onerror=alert(1)> there")).toBe("<p>Hi &lt;img src=x onerror=alert(1)&gt; there</p>");
  expect(html("<script>alert(1)</script>")).toBe("&lt;script&gt;alert(1)&lt;/script&gt;");
});

it("links only to where a link may go", () => {
  expect(html("[a](https://quillmere.example/x)")).toContain('href="https://quillmere.example/x"');
  expect(html("[a](javascript:alert(1))")).toBe("<p>a</p>");
  expect(html("[a](JaVaScRiPt:alert(1))")).toBe("<p>a</p>");
  expect(html("[a](data:text/html,x)")).toBe("<p>a</p>");
  expect(html("![a](https://elsewhere.example/pixel.png)")).toBe("<p>a</p>");
});

it.each(["/", "/help/returns", "/help?q=a%20b#top", "https://quillmere.example/", "mailto:help@quillmere.example"])("links to %s", (href) => {
  const link = renderToStaticMarkup(<SafeLink href={href}>Read</SafeLink>);
  expect(link).toContain(`href="${href}"`);
});

it.each([
  ["//evil.example/x"],
  ["/\\evil.example/x"],
  ["/\t/evil.example/x"],
  ["/\n\\evil.example"],
  ["\\\\evil.example"],
  ["javascript:alert(1)"],
  [" javascript:alert(1)"],
  ["java\tscript:alert(1)"],
  ["data:text/html,x"],
  ["vbscript:x"],
  ["blob:https://quillmere.example/1"],
  ["help/returns"],
  [""],
])("does not link to %j", (href) => {
  expect(isLinkable(href)).toBe(false);
  expect(renderToStaticMarkup(<SafeLink href={href}>Read</SafeLink>)).toBe("Read");
});

it("gives each block of a message its own direction, and what is in a block that of the block", () => {
  const drawn = renderToStaticMarkup(<Markdown text={"שלום!\n\n- one\n\n  two\n- three\n\n> quote\n\n| a |\n|---|\n| b |"} />);
  expect(drawn.match(/<[^>]*dir="auto"/g)?.map((tag) => tag.slice(1).split(" ")[0])).toEqual(["p", "ul", "blockquote", "div"]);
});

it("takes from a name what would turn the words around it", () => {
  expect(renderToStaticMarkup(<Name>{"Dana\u202e\u2069 (admin)"}</Name>)).toBe("<bdi>Dana (admin)</bdi>");
});

it("reads entities once", () => {
  expect(html("Fish &amp; chips &lt;3")).toBe("<p>Fish &amp; chips &lt;3</p>");
  expect(html("&amp;lt;b&amp;gt;")).toBe("<p>&amp;lt;b&amp;gt;</p>");
});
