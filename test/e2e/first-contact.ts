import type { SignedInClient } from '../support/graphql.js';

// What is there before and beside the visits: an enquiry, a call, a referrer, a file, a copy that was asked for.

const REFERRER = `mutation ($input: RegisterReferrerInput!) {
  registerReferrer(input: $input) { ... on Referrer { id } ... on Refusal { message } } }`;
const ENQUIRY = `mutation ($input: RegisterEnquiryInput!) {
  registerEnquiry(input: $input) { ... on EnquiryRegistered { enquiry { id } } ... on Refusal { message } } }`;
const VOICEMAIL = `mutation ($input: RecordVoicemailInput!) {
  recordVoicemail(input: $input) { ... on RecordedCall { callBack { id } } ... on Refusal { message } } }`;
const ADVICE = `mutation ($input: OpenAdviceThreadInput!) { openAdviceThread(input: $input) { id } }`;
const COPY = `mutation ($input: ExportPatientInput!) { exportPatient(input: $input) { id } }`;
const DRY_RUN = `mutation ($input: RetentionDryRunInput!) { retentionDryRun(input: $input) { id } }`;
const SECOND_PATIENT = `mutation ($input: RegisterPatientInput!) {
  registerPatient(input: $input) { ... on Patient { id } ... on Refusal { message } } }`;

async function madeBy<Made>(client: SignedInClient, text: string, input: object): Promise<Made> {
  const answer = await client.ask<Readonly<Record<string, Made>>>(text, { input });
  const [made] = Object.values(answer);
  if (made === undefined) throw new Error('nothing was answered');
  return made;
}

/** A referrer of the directory; their id. */
export async function registerReferrer(client: SignedInClient): Promise<string> {
  const made = await madeBy<{ id: string }>(client, REFERRER, {
    kind: 'GP',
    name: 'Ottoline Marsh',
    organisation: 'Marsh Surgery',
    registrationBody: 'GMC',
    registration: '7654321',
  });
  return made.id;
}

/** An enquiry by letter, which says nothing of red flags; its id. */
export async function registerEnquiry(client: SignedInClient): Promise<string> {
  const made = await madeBy<{ enquiry: { id: string } }>(client, ENQUIRY, {
    channel: 'LETTER',
    name: 'Pia Ullswater',
    phone: '020 7946 0321',
    message: 'My back hurts when I sit.',
    redFlagsNotAskedWhy: 'It came by post.',
  });
  return made.enquiry.id;
}

/** Somebody is to be rung back; the id of the task. */
export async function recordVoicemail(client: SignedInClient): Promise<string> {
  const made = await madeBy<{ callBack: { id: string } }>(client, VOICEMAIL, {
    phone: '020 7946 0322',
    name: 'Quentin Yarrow',
    said: 'Please ring me about an appointment.',
  });
  return made.callBack.id;
}

/** A question of a referrer; the id of the thread. */
export async function openAdviceThread(client: SignedInClient): Promise<string> {
  const made = await madeBy<{ id: string }>(client, ADVICE, {
    method: 'LETTER',
    priority: 'ROUTINE',
    source: 'GP',
    referrerName: 'Ottoline Marsh',
    patientName: 'Tamsin Wells',
    text: 'Would a scan help before an injection?',
  });
  return made.id;
}

/** A copy of a patient's record that was asked for; the id of the request. */
export async function askForCopy(client: SignedInClient, patientId: string): Promise<string> {
  const input = { patientId, askedBy: 'PATIENT', reason: 'Asked at the desk, in writing.' };
  return (await madeBy<{ id: string }>(client, COPY, input)).id;
}

/** What would be destroyed, listed; the id of the run. */
export async function startDryRun(client: SignedInClient): Promise<string> {
  return (await madeBy<{ id: string }>(client, DRY_RUN, { classes: ['ENQUIRY_UNCONVERTED'] })).id;
}

/** Somebody else; their id. */
export async function registerSecondPatient(client: SignedInClient): Promise<string> {
  const made = await madeBy<{ id: string }>(client, SECOND_PATIENT, {
    familyName: 'Vane',
    givenName: 'Rosalind',
    dateOfBirth: '1961-07-14',
    sexForClinicalUse: 'FEMALE',
    statedGender: 'FEMALE',
    contactPreference: 'TELEPHONE',
    phones: [{ kind: 'HOME', number: '020 7946 0323' }],
  });
  return made.id;
}

/** A letter's text, filed with a patient; the id of the document. */
export async function fileDocument(
  client: SignedInClient,
  httpUrl: string,
  patientId: string,
  documentKind = 'CORRESPONDENCE',
): Promise<string> {
  const form = new FormData();
  for (const [name, value] of [
    ['subjectType', 'PATIENT'],
    ['subjectId', patientId],
    ['kind', documentKind],
  ] as const) {
    form.append(name, value);
  }
  form.append('file', new Blob(['Dear colleague, thank you.\n'], { type: 'text/plain' }), 'letter.txt');
  const headers = { authorization: `Bearer ${client.token ?? ''}` };
  const response = await fetch(`${httpUrl}/documents`, { method: 'POST', headers, body: form });
  const answer = (await response.json()) as {
    readonly document?: { readonly id: string };
    readonly id?: string;
  };
  const id = answer.document?.id ?? answer.id;
  if (id === undefined) throw new Error(`the file was not taken: ${response.status}`);
  return id;
}
