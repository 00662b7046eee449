// A lesson's prose: paragraphs, lists, code, commands that go into the prompt by a click, words with their meaning.
import { type CSSProperties, useId, useState } from 'react';
import type { Block, Inline } from '../../lessons/lesson.ts';
import { putIntoPrompt } from '../state/terminal-access.ts';

export function Prose({ blocks }: { readonly blocks: readonly Block[] }) {
  return blocks.map((block, at) => <BlockView key={at} block={block} />);
}

export function Line({ text }: { readonly text: readonly Inline[] }) {
  return text.map((inline, at) => <InlineView key={at} inline={inline} />);
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case 'note':
      return (
        <p className="note">
          <Line text={block.text} />
        </p>
      );
    case 'commands':
      return (
        <div className="commands">
          {block.lines.map((line) => (
            <Command key={line} line={line} />
          ))}
        </div>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, at) => (
            <li key={at}>
              <Line text={item} />
            </li>
          ))}
        </List>
      );
    }
  }
}

/** A line for the prompt; the learner presses Enter. */
export function Command({ line }: { readonly line: string }) {
  return (
    <button type="button" className="command" title="Put it into the prompt" onClick={() => putIntoPrompt(line)}>
      <code>{line}</code>
    </button>
  );
}

function InlineView({ inline }: { readonly inline: Inline }) {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return <code>{inline.text}</code>;
    case 'strong':
      return (
        <strong>
          <Line text={inline.text} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Line text={inline.text} />
        </em>
      );
    case 'link':
      return (
        <a href={inline.url} target="_blank" rel="noreferrer">
          <Line text={inline.text} />
        </a>
      );
    case 'term':
      return <Term word={inline.text} means={inline.means} />;
  }
}

/** A word of the glossary: says what it means on hover, on focus, and at a tap. */
function Term({ word, means }: { readonly word: string; readonly means: string }) {
  const id = useId();
  const [place, setPlace] = useState<CSSProperties>();
  const open = (event: { readonly currentTarget: Element }): void =>
    setPlace(placeAt(event.currentTarget.getBoundingClientRect()));
  const close = (): void => setPlace(undefined);
  return (
    <span className="term-place" onPointerEnter={open} onPointerLeave={close}>
      <button
        type="button"
        className="term"
        aria-describedby={place ? id : undefined}
        onFocus={open}
        onBlur={close}
        onKeyDown={({ key }) => key === 'Escape' && close()}
      >
        {word}
      </button>
      {place && (
        <span role="tooltip" id={id} className="meaning" style={place}>
          {means}
        </span>
      )}
    </span>
  );
}

const meaningWidth = 240;
const edge = 8;

/** Above the word, or below it near the top of the page; never beyond its sides. */
function placeAt({ left, width, top, bottom }: DOMRect): CSSProperties {
  const most = document.documentElement.clientWidth - meaningWidth - edge;
  const from = Math.max(edge, Math.min(left + width / 2 - meaningWidth / 2, most));
  const room = top > 120 ? { bottom: document.documentElement.clientHeight - top + 4 } : { top: bottom + 4 };
  return { left: from, width: meaningWidth, ...room };
}
