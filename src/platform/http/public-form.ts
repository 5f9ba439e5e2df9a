import { Injectable } from '@nestjs/common';
import type { FormField, FormProblem, FormValues } from './public-form-field.js';
import type { FormPage } from './public-form-page.js';

/** Why a form is probably not from a person. */
export type FormSuspicion = 'HIDDEN_FIELD_FILLED' | 'SENT_TOO_SOON';

/** What a visitor is shown, and what the token remembers of it. */
export interface ShownForm {
  /** Versions of what is shown; they come back with the form, signed. */
  readonly facts: Readonly<Record<string, string>>;
  /** For programs: the questions, texts and choices. */
  readonly body: object;
  /** For browsers. */
  readonly page: FormPage;
}

/** A form that came back, read but not yet judged by its room. */
export interface SentForm {
  readonly values: FormValues;
  /** What was shown with it; null: it brought no token of ours, or one that is too old. */
  readonly shown: { readonly atMs: number; readonly facts: Readonly<Record<string, string>> } | null;
  readonly suspicion: FormSuspicion | null;
  /** Fields that break a rule of the form itself. */
  readonly problems: readonly FormProblem[];
  /** The same for the same form sent again, in 64 hexadecimal digits. */
  readonly submissionKey: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** What is answered. Every word of it is ours: nothing that was sent is repeated. */
export type FormAnswer =
  | {
      readonly kind: 'TAKEN';
      readonly reference: string;
      readonly words: readonly string[];
      /** To be read at once; null: nothing. */
      readonly urgent: string | null;
    }
  | { readonly kind: 'REFUSED'; readonly problems: readonly FormProblem[]; readonly urgent: string | null };

/** A form on a public page: a room says what it holds and what happens with it. */
export interface PublicForm {
  /** Name in its tokens. */
  readonly name: string;
  /** Where it is fetched (GET) and where it is sent (POST). */
  readonly shownAt: string;
  readonly sentTo: string;
  /** Websites whose pages may fetch and send it, such as https://www.example.org. Our own pages always may. */
  readonly origins: readonly string[];
  readonly fields: readonly FormField[];
  /** What its fields are called on a page. */
  readonly labels: ReadonlyMap<string, string>;
  /** Signs the tokens. The same in every process. */
  secret(): Promise<Uint8Array>;
  /** What is said to whoever is refused, as it may be an emergency; null: the form has no words of its own. Kept a minute. */
  standingAdvice(): Promise<string | null>;
  /** Null: there is nothing to show at present. */
  show(): Promise<ShownForm | null>;
  take(sent: SentForm): Promise<FormAnswer>;
}

/** The forms that anybody may send. A room registers its own; nothing is taken in that was not registered here. */
@Injectable()
export class PublicForms {
  readonly #forms: PublicForm[] = [];

  /** Throws when a path is no path or has a form already: two rooms behind one door is a mistake of ours. */
  register(form: PublicForm): void {
    for (const path of [form.shownAt, form.sentTo]) {
      if (!/^\/[a-z][a-z-]{0,39}$/.test(path)) throw new Error(`"${path}" is no path for a public form.`);
      if (this.#forms.some(({ shownAt, sentTo }) => shownAt === path || sentTo === path)) {
        throw new Error(`The public form at ${path} is registered twice.`);
      }
    }
    this.#forms.push(form);
  }

  all(): readonly PublicForm[] {
    return [...this.#forms];
  }
}
