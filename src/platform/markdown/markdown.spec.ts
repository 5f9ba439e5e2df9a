import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { htmlOfMarkdown } from './markdown.js';

// What people type, as it is put into pages. The parser here is a foreign one: a mistake made twice would not be seen.

const TAGS = new Set([
  ...['p', 'br', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li'],
  ...['hr', 'em', 'strong', 's', 'code'],
]);

/** Whatever a browser would find in it beside text. */
function foundIn(html: string): {
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
  readonly text: string;
} {
  const found = { tags: [] as string[], attributes: [] as string[], text: '' };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      found.tags.push(name);
      found.attributes.push(...Object.keys(attributes).map((attribute) => `${name}.${attribute}`));
    },
    ontext: (text) => {
      found.text += text;
    },
    oncomment: () => found.tags.push('!--'),
    onprocessinginstruction: () => found.tags.push('!'),
  });
  parser.end(html);
  return found;
}

const letters = (text: string) => text.replace(/[^\p{L}\p{M}]/gu, '');
const figures = (text: string) => text.replace(/[^\p{N}<>+\-=%]/gu, '');

/** What a browser would put before the points of its lists, and everything between the tags. */
function readFrom(html: string): string {
  const lists: { isNumbered: boolean; next: number }[] = [];
  let read = '';
  const parser = new Parser({
    onopentag: (name, { start }) => {
      if (name === 'ul' || name === 'ol') lists.push({ isNumbered: name === 'ol', next: Number(start ?? 1) });
      const list = lists.at(-1);
      if (name !== 'li' || list === undefined || !list.isNumbered) return;
      read += `${list.next}. `;
      list.next += 1;
    },
    ontext: (text) => {
      read += text;
    },
    onclosetag: (name) => {
      if (name === 'ul' || name === 'ol') lists.pop();
    },
  });
  parser.end(html);
  return read;
}

describe('the HTML of what somebody typed', () => {
  it.each([
    ['Plain words.', '<p>Plain words.</p>'],
    ['One\ntwo', '<p>One<br>\ntwo</p>'],
    ['**Worse** since *May*', '<p><strong>Worse</strong> since <em>May</em></p>'],
    ['## Plan\n\n- rest\n- walk', '<h2>Plan</h2>\n<ul>\n<li>rest</li>\n<li>walk</li>\n</ul>'],
    ['3. third', '<ol start="3">\n<li>third</li>\n</ol>'],
    ['> in the patient’s words', '<p>&gt; in the patient’s words</p>'],
    ['> 50 % at 30 min', '<p>&gt; 50 % at 30 min</p>'],
    ['Flexion\n- 5 degrees', '<p>Flexion<br>\n- 5 degrees</p>'],
    ['- **5** degrees', '<p>- **5** degrees</p>'],
    ['- - 5 degrees', '<p>- - 5 degrees</p>'],
    ['+ Lasègue', '<p>+ Lasègue</p>'],
    ['8. before\n4. after', '<p>8. before<br>\n4. after</p>'],
    ['08. before', '<p>08. before</p>'],
    ['8. before\n9. after', '<ol start="8">\n<li>before</li>\n<li>after</li>\n</ol>'],
    [
      '1. a\n   1. b\n   2. c\n2. d',
      '<ol>\n<li>a\n<ol>\n<li>b</li>\n<li>c</li>\n</ol>\n</li>\n<li>d</li>\n</ol>',
    ],
    ['2*3*4 mg', '<p>2*3*4 mg</p>'],
    ['`5 mg`', '<p><code>5 mg</code></p>'],
    ['~~left~~ right', '<p><s>left</s> right</p>'],
    ['a\n\n---\n\nb', '<p>a</p>\n<hr>\n<p>b</p>'],
    ['NRS < 5 & > 3', '<p>NRS &lt; 5 &amp; &gt; 3</p>'],
    ['', ''],
  ])('of %j is what it says', (typed, html) => {
    expect(htmlOfMarkdown(typed)).toBe(html);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<b onclick="x()">bold</b>',
    '[read this](javascript:alert(1))',
    '[read this](https://elsewhere.example/)',
    '![scan](https://elsewhere.example/track.png)',
    '<https://elsewhere.example/>',
    '[a]: https://elsewhere.example/\n\n[a]',
    '```html\n<iframe src="https://elsewhere.example/"></iframe>\n```',
    '    <style>p{display:none}</style>',
    '&lt;script&gt;&#60;script&#62;',
    '|a|b|\n|:-|-:|\n|c|d|e|',
    '<!-- hidden -->',
    '<!DOCTYPE html><?php echo 1 ?>',
    '*a<b*<b>c</b>',
  ])('shows %j as it was typed', (typed) => {
    const { tags, attributes, text } = foundIn(htmlOfMarkdown(typed));
    expect(tags.filter((tag) => !TAGS.has(tag))).toEqual([]);
    expect(attributes).toEqual([]);
    expect(letters(text)).toBe(letters(typed));
  });

  it('loses no word in the depths', () => {
    const typed = `${'> '.repeat(500)}deep`;
    expect(foundIn(htmlOfMarkdown(typed)).text).toContain('deep');
    expect(foundIn(htmlOfMarkdown(`${'- '.repeat(500)}deep`)).text).toContain('deep');
  });

  it('has every figure of it, and whatever stands before one, in order', () => {
    const mark = fc.constantFrom(
      ...[
        '- ',
        '+ ',
        '> ',
        '< ',
        '= ',
        '* ',
        '-',
        '+',
        '',
        '~',
        '- - ',
        '> - ',
        '- **',
        '  - ',
        '> > ',
        '1. ',
        '12) ',
        '# ',
      ],
    );
    const number = fc.oneof(
      fc.nat(99).map(String),
      fc.constantFrom('0.5', '.5', '50 %', '1,5', '05', '2*3*4', '8.', '3)'),
    );
    const line = fc
      .tuple(mark, number, fc.constantFrom('', ' mg', ' before', '** after', '. after'))
      .map((parts) => parts.join(''));
    const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\n\n')), { maxLength: 6 });
    fc.assert(
      fc.property(lines, (parts) => {
        const typed = parts.flat().join('').trim();
        expect(figures(readFrom(htmlOfMarkdown(typed)))).toBe(figures(typed));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has only tags of the list, and every letter of the text, whatever was typed', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          '*',
          '_',
          '**',
          '`',
          '~~',
          '> ',
          '- ',
          '1. ',
          '7) ',
          '# ',
          '\n',
          '\n\n',
          '\\',
          '    ',
          '---',
          '|',
          '=',
        ],
        ...[
          '<',
          '>',
          '</p>',
          '<script>',
          '&',
          '&amp;',
          '"',
          "'",
          '](',
          '![',
          '[',
          ')',
          ':',
          '//',
          'javascript:',
          '\t',
        ],
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        // Characters that no note may hold.
        const typed = pieces.join('').replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '');
        const { tags, attributes, text } = foundIn(htmlOfMarkdown(typed));
        expect(tags.filter((tag) => !TAGS.has(tag))).toEqual([]);
        expect(attributes.filter((attribute) => attribute !== 'ol.start')).toEqual([]);
        expect(letters(text)).toBe(letters(typed));
        const signs = (shown: string) => figures(shown).replaceAll('-', '');
        expect(signs(readFrom(htmlOfMarkdown(typed)))).toBe(signs(typed));
      }),
      { numRuns: 2_000 },
    );
  });
});
