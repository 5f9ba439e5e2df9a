import {
  ContactPreference,
  EnquiryTime,
  HeardOfUs,
  PainArea,
  RedFlagReply,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { type RedFlagQuestionFacts, raisedCodes, unansweredCodes } from './red-flag.rules.js';

/** A form as it was read: every value of the kind that its field has. */
interface ReadForm {
  text(name: string): string | null;
  choices(name: string): readonly string[];
  isTicked(name: string): boolean;
  answers(name: string): ReadonlyMap<string, string>;
}

interface Problem {
  readonly field: string;
  readonly message: string;
}

/** The code itself and not the text that came: what is no code is nothing. */
function codeOf<Code extends string>(
  codes: Readonly<Record<string, Code>>,
  text: string | null,
): Code | null {
  return Object.values(codes).find((code) => code === text) ?? null;
}

function codesOf<Code extends string>(
  codes: Readonly<Record<string, Code>>,
  texts: readonly string[],
): Code[] {
  return Object.values(codes).filter((code) => texts.includes(code));
}

/** What somebody told of themselves in the website's form. */
export function enquirerOf(form: ReadForm) {
  return {
    name: form.text('name'),
    dateOfBirth: form.text('dateOfBirth'),
    nhsNumber: form.text('nhsNumber'),
    phone: form.text('phone'),
    email: form.text('email'),
    preferredWay: codeOf(ContactPreference, form.text('preferredWay')),
    bestTimes: codesOf(EnquiryTime, form.choices('bestTimes')),
    bestTimesText: form.text('bestTimesText'),
    safeToLeaveMessage: codeOf(SafeToLeaveMessage, form.text('safeToLeaveMessage')),
    painAreas: codesOf(PainArea, form.choices('painAreas')),
    painAreaOther: form.text('painAreaOther'),
    heardOfUs: codeOf(HeardOfUs, form.text('heardOfUs')),
    heardOfUsText: form.text('heardOfUsText'),
    message: form.text('message'),
  };
}

/** The answers to the questions about dangerous signs, by code. */
export function redFlagAnswersOf(form: ReadForm) {
  return [...form.answers('redFlags')].flatMap(([code, text]) => {
    const answer = codeOf(RedFlagReply, text);
    return answer === null ? [] : [{ code, answer }];
  });
}

/** What keeps a form from being taken in beside its contact details. The words of the tick say what is asked, and why. */
export function formProblems(form: ReadForm, questions: readonly RedFlagQuestionFacts[]): readonly Problem[] {
  const { unanswered, isForeign } = unansweredCodes(questions, redFlagAnswersOf(form));
  const problems: Problem[] = unanswered.map((code) => ({
    field: `redFlags.${code}`,
    message: 'must be answered, with yes, no or not sure.',
  }));
  if (isForeign)
    problems.push({ field: 'redFlags', message: 'must answer the questions of this form, each once.' });
  if (!form.isTicked('privacyNotice')) {
    problems.push({
      field: 'privacyNotice',
      message:
        'must be ticked: please read how we use what you tell us. Without it we may not keep your message.',
    });
  }
  return problems;
}

/** Whether something must be said at once, whatever else becomes of the form. */
export function isUrgent(form: ReadForm, questions: readonly RedFlagQuestionFacts[]): boolean {
  return raisedCodes(questions, redFlagAnswersOf(form)).length > 0;
}

/** Whether answers came that could not be read. Each of them may have been a yes, so it is treated as one. */
export function hasUnreadAnswers(problems: readonly Problem[]): boolean {
  return problems.some(({ field }) => field === 'redFlags');
}
