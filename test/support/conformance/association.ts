import {
  associationLimits,
  implementationClassUID,
  implementationVersionName,
} from '../../../src/dicom/association/index.js';
import {
  assumedPeerPduBytesMax,
  dicomApplicationContext,
  rejectionPdu,
} from '../../../src/dicom/association/negotiation.js';
import { cipherSuites, keyExchangeGroups } from '../../../src/dicom/association/secure-transport.js';
import { elementCountMax, nestingDepthMax, valueCountMax } from '../../../src/dicom/dataset/limits.js';
import { preferredTransferSyntaxes } from '../../../src/dicom/dataset/transfer-syntaxes.js';
import {
  commandBytesMax,
  fragmentCountMax,
  messageBytesMax,
  peerPduBytesMin,
} from '../../../src/dicom/dimse/limits.js';
import { type CharacterSetName, characterSets, type RejectionReason } from '../../../src/dicom/index.js';
import { createPerformedStepServices } from '../../../src/dicom/services/performed-step.scp.js';
import type { Service } from '../../../src/dicom/services/service.js';
import { createVerificationService } from '../../../src/dicom/services/verification.scp.js';
import { createWorklistService } from '../../../src/dicom/services/worklist.scp.js';
import {
  associationPduBytesMax,
  itemCountMax,
  pduBytesMax,
  presentationContextCountMax,
} from '../../../src/dicom/wire/limits.js';
import { PerformedStepsInMemory } from '../performed-steps.memory.js';
import { worklistOf } from '../worklist.js';
import { count, seconds, table } from './markdown.js';

// What the conformance statement says of associations, from the code that decides.

const silent = (): void => undefined;

/** Everything that the listener offers when it keeps performed steps, in its order. */
export const services: readonly Service[] = [
  createVerificationService(silent),
  createWorklistService(worklistOf([]), silent),
  ...createPerformedStepServices(new PerformedStepsInMemory(), silent),
];

const SOP_CLASSES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.1': 'Verification',
  '1.2.840.10008.5.1.4.31': 'Modality Worklist Information Model – FIND',
  '1.2.840.10008.3.1.2.3.3': 'Modality Performed Procedure Step',
  '1.2.840.10008.3.1.2.3.4': 'Modality Performed Procedure Step Retrieve',
};

const TRANSFER_SYNTAXES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'Implicit VR Little Endian',
  '1.2.840.10008.1.2.1': 'Explicit VR Little Endian',
};

/** PS3.8 Table 9-21, in its words, and when we say it. */
const REJECTIONS: Readonly<Record<RejectionReason, readonly [name: string, when: string]>> = {
  'no-reason-given': [
    'no reason given',
    `the peer's maximum PDU is between 1 and ${peerPduBytesMin - 1} bytes`,
  ],
  'application-context-not-supported': [
    'application context name not supported',
    `it is not ${dicomApplicationContext}`,
  ],
  'calling-ae-title-not-recognised': [
    'calling AE title not recognised',
    'no scanner that may call has this title, or it has the title and calls from another address, without the TLS or without the certificate of its profile',
  ],
  'called-ae-title-not-recognised': ['called AE title not recognised', 'it is not ours; case counts'],
  'protocol-version-not-supported': ['protocol version not supported', 'bit 0 is not set'],
  'temporary-congestion': [
    'temporary congestion',
    `nobody could decide about the caller, or not within ${seconds(associationLimits.admissionMs)}`,
  ],
  'local-limit-exceeded': ['local limit exceeded', 'too many associations, or Facet is stopping'],
};

const SETS: Readonly<Record<CharacterSetName, string>> = {
  ISO_IR_100: 'Latin alphabet No. 1, Western Europe',
  ISO_IR_101: 'Latin alphabet No. 2, Central Europe',
  ISO_IR_109: 'Latin alphabet No. 3, Southern Europe',
  ISO_IR_110: 'Latin alphabet No. 4, Northern Europe',
  ISO_IR_144: 'Cyrillic',
  ISO_IR_127: 'Arabic',
  ISO_IR_126: 'Greek',
  ISO_IR_138: 'Hebrew',
  ISO_IR_148: 'Latin alphabet No. 5, Turkish',
  ISO_IR_203: 'Latin alphabet No. 9, Western Europe with the euro sign',
  ISO_IR_13: 'Japanese: JIS X 0201, half-width katakana',
  ISO_IR_166: 'Thai',
  ISO_IR_192: 'Unicode in UTF-8',
  GB18030: 'Chinese, all of Unicode',
  GBK: 'Chinese',
  ISO_2022_IR_87: 'Japanese: JIS X 0208',
  ISO_2022_IR_13_87: 'Japanese: JIS X 0201 and JIS X 0208',
  ISO_2022_IR_87_159: 'Japanese: JIS X 0208 and JIS X 0212',
  ISO_2022_IR_149: 'Korean: KS X 1001',
  ISO_2022_IR_58: 'Chinese: GB 2312',
};

export function sopClassName(uid: string): string {
  const name = SOP_CLASSES[uid];
  if (name === undefined)
    throw new Error(`${uid} is offered, and the conformance statement has no name for it`);
  return name;
}

function sopClasses(): string {
  const rows = services.map(({ sopClass, requestNames }) => [
    sopClassName(sopClass),
    sopClass,
    'no',
    'yes',
    requestNames.map((name) => name.replace('-RQ', '')).join(', '),
  ]);
  return table(['SOP class', 'UID', 'User (SCU)', 'Provider (SCP)', 'Operations'], rows);
}

function presentationContexts(): string {
  const syntaxes = preferredTransferSyntaxes.map(([uid]) => `${TRANSFER_SYNTAXES[uid] ?? uid} ${uid}`);
  const rows = services.map(({ sopClass, negotiate }) => [
    `${sopClassName(sopClass)} ${sopClass}`,
    syntaxes.join(', '),
    'SCP',
    negotiate === null ? 'none' : negotiations(negotiate),
  ]);
  return table(
    ['Abstract syntax', 'Transfer syntaxes, the first that is proposed', 'Role', 'Extended negotiation'],
    rows,
  );
}

/** What is given when everything is asked for. */
function negotiations(negotiate: (offered: Uint8Array) => Uint8Array): string {
  const given = negotiate(Uint8Array.of(0, 0, 1, 1));
  const names = ['', '', 'fuzzy semantic matching of person names', 'timezone query adjustment'];
  return names
    .flatMap((name, at) => (name === '' ? [] : [`byte ${at + 1}, ${name}: ${given[at]}`]))
    .join('; ');
}

function rejections(): string {
  const rows = Object.entries(REJECTIONS).map(([reason, [name, when]]) => {
    const pdu = rejectionPdu(reason as RejectionReason);
    return [name, String(pdu.result), String(pdu.source), String(pdu.reason), when];
  });
  return table(['Rejection (PS3.8 Table 9-21)', 'Result', 'Source', 'Reason', 'When'], rows);
}

function identification(): string {
  return table(
    ['What', 'Value'],
    [
      ['Application context', dicomApplicationContext],
      ['Implementation class UID', implementationClassUID],
      ['Implementation version name', implementationVersionName],
      ['Maximum PDU received, announced', `${count(pduBytesMax)} bytes`],
    ],
  );
}

function bounds(): string {
  const limits = associationLimits;
  const bytes = (value: number) => `${count(value)} bytes`;
  return table(
    ['What', 'Limit', 'Beyond it'],
    [
      ['P-DATA-TF', bytes(pduBytesMax), 'abort'],
      ['A-ASSOCIATE-RQ', bytes(associationPduBytesMax), 'abort'],
      ['presentation contexts proposed', count(presentationContextCountMax), 'abort'],
      ['items beside each other in an A-ASSOCIATE-RQ', count(itemCountMax), 'abort'],
      ['maximum PDU of the peer (0 is unlimited)', `at least ${bytes(peerPduBytesMin)}`, 'rejection'],
      ['maximum PDU of a peer that announces none', bytes(assumedPeerPduBytesMax), ''],
      ['command set', bytes(commandBytesMax), 'abort'],
      ['data set', bytes(messageBytesMax), 'abort'],
      ['fragments of a command set or of a data set', count(fragmentCountMax), 'abort'],
      ['sequences inside sequences', count(nestingDepthMax), 'A900, 0110 (MPPS)'],
      ['elements and items of a data set', count(elementCountMax), 'A900, 0110 (MPPS)'],
      ['values of an element', count(valueCountMax), 'A900, 0110 (MPPS)'],
      ['requests that wait behind the running one', count(limits.waitingMessageCountMax), 'abort'],
      [
        'unfinished messages and waiting requests of all peers',
        bytes(limits.heldBytesMax),
        'abort of who adds to it',
      ],
      ['of that, always allowed to each peer', bytes(limits.heldBytesMax / limits.associationCountMax), ''],
      ['associations in all', count(limits.associationCountMax), 'rejection (2, 3, 2)'],
      ['associations from one address', count(limits.associationsPerAddressMax), 'rejection (2, 3, 2)'],
      ['connections in all, TLS handshakes among them', count(limits.connectionCountMax), 'closed'],
      ['connections from one address', count(limits.connectionsPerAddressMax), 'closed'],
      ['ARTIM', seconds(limits.artimMs), 'closed'],
      ['TLS handshake', seconds(limits.tlsHandshakeMs), 'closed'],
      ['one message, from its first byte to its last', seconds(limits.messageMs), 'abort'],
      ['silence between messages', seconds(limits.idleMs), 'abort'],
      ['answers left unread', seconds(limits.stalledWriteMs), 'closed'],
      ['the answer to a request, or its next answer', seconds(limits.answerMs), 'A700, 0213 (MPPS)'],
    ],
  );
}

function tls(): string {
  const isTls13 = (suite: string) => suite.startsWith('TLS_');
  return table(
    ['What', 'In order of preference'],
    [
      ['TLS 1.3', cipherSuites.filter(isTls13).join(', ')],
      ['TLS 1.2', cipherSuites.filter((suite) => !isTls13(suite)).join(', ')],
      ['Key exchange', keyExchangeGroups.join(', ')],
    ],
  );
}

function answerSets(): string {
  const rows = Object.entries(characterSets).map(([name, values]) => [
    `\`${name}\``,
    `\`${values.join('\\')}\``,
    SETS[name as CharacterSetName],
  ]);
  return table(['In the profile', 'Specific Character Set (0008,0005)', 'Letters beside ASCII'], rows);
}

export function associationPassages(): Readonly<Record<string, string>> {
  return {
    'sop-classes': sopClasses(),
    'presentation-contexts': presentationContexts(),
    identification: identification(),
    rejections: rejections(),
    limits: bounds(),
    tls: tls(),
    'character-sets': answerSets(),
  };
}
