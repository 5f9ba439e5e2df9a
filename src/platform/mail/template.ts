import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';

/** A compiled template: its variables in, its text out. */
export type Template<Variables extends object> = (variables: Variables) => string;

/** Are values made safe for HTML, or put down as they are? */
export type TemplateKind = 'html' | 'text';

/** The templates of one room: partials that its letters share, and nothing else. */
export class TemplateFolder {
  // Two, because a partial is compiled by the first template that uses it and kept: one that a text letter has
  // used would leave its values unescaped in HTML.
  readonly #engines = { html: Handlebars.create(), text: Handlebars.create() } as const;

  /** `folder`: URL of the folder, ending in a slash. `partials`: files in it, by the name they are used under. */
  constructor(
    private readonly folder: URL,
    partials: Readonly<Record<string, string>>,
  ) {
    for (const [name, file] of Object.entries(partials)) {
      const content = this.#read(file);
      for (const engine of Object.values(this.#engines)) engine.registerPartial(name, content);
    }
  }

  /**
   * Compiles a template, once. Strict: a variable that it names and is not given throws, instead of leaving a
   * gap in a patient's letter.
   */
  compile<Variables extends object>(file: string, kind: TemplateKind): Template<Variables> {
    const template = this.#engines[kind].compile<Variables>(this.#read(file), {
      strict: true,
      noEscape: kind === 'text',
      knownHelpersOnly: true,
    });
    return (variables) => template(variables);
  }

  #read(file: string): string {
    return readFileSync(new URL(file, this.folder), 'utf8');
  }
}
