// PS3.8 §7.1 and PS3.7 Annex D: what to answer to an A-ASSOCIATE-RQ. Pure decisions.
import { preferredTransferSyntaxes, type TransferSyntax } from '../dataset/index.js';
import { peerPduBytesMin } from '../dimse/index.js';
import {
  type AssociateAccept,
  type AssociateReject,
  type AssociateRequest,
  type ExtendedNegotiation,
  encodePdu,
  type PresentationContextAnswer,
  type PresentationContextProposal,
  pduBytesMax,
  protocolVersion,
} from '../wire/index.js';
import type { RejectionReason } from './admission.port.js';

export interface AcceptedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: TransferSyntax;
  /** What we answered to the SOP class extended negotiation; null when there was none. */
  readonly extendedNegotiation: Uint8Array | null;
}

/** What this application offers. */
export interface Offer {
  readonly aeTitle: string;
  /** Supported SOP classes, and how each answers extended negotiation (null: it does not). */
  readonly sopClasses: ReadonlyMap<string, ((offered: Uint8Array) => Uint8Array) | null>;
}

export const dicomApplicationContext = '1.2.840.10008.3.1.1.1';
const implicitDefault = '1.2.840.10008.1.2';
/** Made from a UUID of this project (PS3.5 §B.2). */
export const implementationClassUID = '2.25.192999310088612583376246044921411620779';
export const implementationVersionName = 'FACET_1';
/** A peer that leaves out its mandatory maximum length gets what most implementations default to. */
export const assumedPeerPduBytesMax = 16_384;

/** PS3.8 Table 9-21: result (1 permanent, 2 transient), source, reason. */
const rejections: Readonly<
  Record<RejectionReason, readonly [result: number, source: number, reason: number]>
> = {
  'no-reason-given': [1, 1, 1],
  'application-context-not-supported': [1, 1, 2],
  'calling-ae-title-not-recognised': [1, 1, 3],
  'called-ae-title-not-recognised': [1, 1, 7],
  'protocol-version-not-supported': [1, 2, 2],
  'temporary-congestion': [2, 3, 1],
  'local-limit-exceeded': [2, 3, 2],
};

/** Why the request cannot be accepted by anybody, or null when admission may be asked. */
export function findRejection(request: AssociateRequest, offer: Offer): RejectionReason | null {
  if ((request.protocolVersion & protocolVersion) === 0) return 'protocol-version-not-supported';
  if (request.applicationContext !== dicomApplicationContext) return 'application-context-not-supported';
  if (request.calledAETitle !== offer.aeTitle) return 'called-ae-title-not-recognised';
  if (!isAETitle(request.callingAETitle)) return 'calling-ae-title-not-recognised';
  const announced = peerPduBytesMax(request);
  if (announced !== 0 && announced < peerPduBytesMin) return 'no-reason-given';
  return null;
}

export function rejectionPdu(reason: RejectionReason): AssociateReject {
  const [result, source, number] = rejections[reason];
  return { type: 'associate-rj', result, source, reason: number };
}

/** 0 is unlimited. */
export function peerPduBytesMax(request: AssociateRequest): number {
  return request.userInformation.pduBytesMax ?? assumedPeerPduBytesMax;
}

/** What follows from a request, whoever it is admitted as. */
export interface Agreement {
  readonly pdu: AssociateAccept;
  /** The A-ASSOCIATE-AC. */
  readonly pduBytes: Buffer;
  /** By the presentation context's id. */
  readonly contexts: ReadonlyMap<number, AcceptedContext>;
  readonly contextIds: ReadonlySet<number>;
}

/** Of an offer, and of requests that are the same object: those of the same bytes. */
const agreements = new WeakMap<Offer, WeakMap<AssociateRequest, Agreement>>();

/** Worked out once for requests that came in the same bytes. */
export function agree(request: AssociateRequest, offer: Offer): Agreement {
  let ofOffer = agreements.get(offer);
  if (ofOffer === undefined) {
    ofOffer = new WeakMap();
    agreements.set(offer, ofOffer);
  }
  const known = ofOffer.get(request);
  if (known !== undefined) return known;
  const { pdu, contexts } = negotiate(request, offer);
  const byId = new Map(contexts.map((context) => [context.id, context]));
  const agreement = { pdu, pduBytes: encodePdu(pdu), contexts: byId, contextIds: new Set(byId.keys()) };
  ofOffer.set(request, agreement);
  return agreement;
}

/** The answer to a request that was admitted, and the contexts that messages may use. */
export function negotiate(
  request: AssociateRequest,
  offer: Offer,
): { readonly pdu: AssociateAccept; readonly contexts: readonly AcceptedContext[] } {
  const contexts: AcceptedContext[] = [];
  const answers = request.presentationContexts.map((proposal) => {
    const { answer, accepted } = answerContext(proposal, offer);
    if (accepted !== null) contexts.push(accepted);
    return answer;
  });
  const { asynchronousOperations } = request.userInformation;
  const extendedNegotiations = answerExtendedNegotiations(request, offer, contexts);
  const negotiated = new Map(
    extendedNegotiations.map(({ sopClass, applicationInformation }) => [sopClass, applicationInformation]),
  );
  const pdu: AssociateAccept = {
    type: 'associate-ac',
    calledAETitle: request.calledAETitle,
    callingAETitle: request.callingAETitle,
    applicationContext: dicomApplicationContext,
    presentationContexts: answers,
    userInformation: {
      pduBytesMax,
      implementationClassUID,
      implementationVersionName,
      // One operation at a time, whatever was proposed (PS3.7 §D.3.3.3).
      asynchronousOperations: asynchronousOperations === null ? null : { invoked: 1, performed: 1 },
      extendedNegotiations,
    },
  };
  const withNegotiation = contexts.map((context) => ({
    ...context,
    extendedNegotiation: negotiated.get(context.abstractSyntax) ?? null,
  }));
  return { pdu, contexts: withNegotiation };
}

function answerContext(
  proposal: PresentationContextProposal,
  offer: Offer,
): { readonly answer: PresentationContextAnswer; readonly accepted: AcceptedContext | null } {
  const { id, abstractSyntax, transferSyntaxes } = proposal;
  const refuse = (result: PresentationContextAnswer['result']) => ({
    answer: { id, result, transferSyntax: transferSyntaxes[0] ?? implicitDefault },
    accepted: null,
  });
  if (!offer.sopClasses.has(abstractSyntax)) return refuse('abstract-syntax-not-supported');
  const choice = preferredTransferSyntaxes.find(([uid]) => transferSyntaxes.includes(uid));
  if (choice === undefined) return refuse('transfer-syntaxes-not-supported');
  const [uid, transferSyntax] = choice;
  return {
    answer: { id, result: 'accepted', transferSyntax: uid },
    accepted: { id, abstractSyntax, transferSyntax, extendedNegotiation: null },
  };
}

/** PS3.7 §D.3.3.5: only what was offered, once, and only for a SOP class that was accepted. */
function answerExtendedNegotiations(
  request: AssociateRequest,
  offer: Offer,
  contexts: readonly AcceptedContext[],
): readonly ExtendedNegotiation[] {
  const answers = new Map<string, ExtendedNegotiation>();
  for (const { sopClass, applicationInformation } of request.userInformation.extendedNegotiations) {
    const answer = offer.sopClasses.get(sopClass);
    if (answer === undefined || answer === null || answers.has(sopClass)) continue;
    if (!contexts.some((context) => context.abstractSyntax === sopClass)) continue;
    answers.set(sopClass, { sopClass, applicationInformation: answer(applicationInformation) });
  }
  return [...answers.values()];
}

/** PS3.5 Table 6.2-1, AE: printable ASCII without backslash, not only spaces. */
export function isAETitle(title: string): boolean {
  return /^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(title) && title.trim() !== '';
}
