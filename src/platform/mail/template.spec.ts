import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { domainOf, parseMailbox } from './mailbox.js';
import { TemplateFolder } from './template.js';

const folder = mkdtempSync(join(tmpdir(), 'facet-templates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'whole.hbs'), 'Dear {{name}}, {{> part}}{{#if late}} late{{/if}}');
writeFileSync(join(folder, 'part.hbs'), 'at {{time}}');
const templates = new TemplateFolder(pathToFileURL(`${folder}/`), { part: 'part.hbs' });

describe('a template', () => {
  it('is filled in, its parts too', () => {
    const fill = templates.compile<{ name: string; time: string; late: boolean }>('whole.hbs', 'html');
    expect(fill({ name: '<b>', time: '09:30', late: false })).toBe('Dear &lt;b&gt;, at 09:30');
    const plain = templates.compile<{ name: string; time: string; late: boolean }>('whole.hbs', 'text');
    expect(plain({ name: '<b>', time: '"9"', late: true })).toBe('Dear <b>, at "9" late');
  });

  it('leaves no gap: a variable that is not given throws, in its parts too', () => {
    expect(() => templates.compile('whole.hbs', 'html')({ time: '', late: false })).toThrow(
      '"name" not defined',
    );
    expect(() => templates.compile('whole.hbs', 'html')({ name: '', late: false })).toThrow(
      '"time" not defined',
    );
  });
});

describe('a sender', () => {
  it.each([
    ['Pain Clinic <a@b.example>', 'Pain Clinic', 'a@b.example'],
    ['"Clinic, The" <a@b.example>', 'Clinic, The', 'a@b.example'],
    ['a@b.example', 'a@b.example', 'a@b.example'],
    ['<a@b.example>', 'a@b.example', 'a@b.example'],
  ])('%s', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({ name, address });
    expect(domainOf(address)).toBe('b.example');
  });
});
