// The only door. A DICOM listener (PS3.8, PS3.7) with Verification and Modality Worklist (PS3.4 Annexes A and K), and
// the data sets (PS3.5) to speak with it.
export type {
  AdmissionDecision,
  AdmissionRequest,
  AssociationAdmission,
  AssociationFacts,
  DicomEvent,
  DicomObserver,
  KeyFact,
  Peer,
  PeerCertificate,
  RejectionReason,
  TlsCredentials,
  Transport,
} from './association/index.js';
export { implementationClassUID, implementationVersionName, isAETitle } from './association/index.js';
export {
  type CharacterSet,
  type CharacterSetName,
  canEncodeText,
  characterSets,
  DataSet,
  type DataSetInput,
  dataSet,
  type Element,
  type ElementInput,
  isCharacterSet,
  isUid,
  MalformedDataSet,
  type Range,
  readDataSet,
  type TransferSyntax,
  uidFromUuid,
  type ValueProblem,
  type ValueProblemCode,
  validateValue,
  writeDataSet,
} from './dataset/index.js';
export { statuses } from './dimse/index.js';
export type { DicomAddress } from './listening.js';
export { Requestor, type RequestorOptions, type RequestorReply } from './requestor.js';
export {
  createDicomServer,
  type DicomLimits,
  type DicomServer,
  type DicomServerOptions,
  type DicomServerStats,
  type DicomTlsOptions,
} from './server.js';
export {
  type ExplainedKey,
  type Explanation,
  explainQuery,
  type KeyVerdict,
  type NearMiss,
} from './services/explanation.js';
export { type CompiledIdentifier, compileIdentifier, withDefaultStation } from './services/identifier.js';
export type {
  CreateOutcome,
  PerformedStepPort,
  SetOutcome,
  StepChange,
  StepCreation,
} from './services/performed-step.port.js';
export { performedStepRetrieveSOPClass, performedStepSOPClass } from './services/performed-step.scp.js';
export {
  applySet,
  judgeCreate,
  judgeSet,
  type PerformedStepStatus,
  performedStepStatus,
  type StepProblem,
} from './services/performed-step-rules.js';
export { type VeiledIdentifier, veilIdentifier } from './services/veil.js';
export { verificationSOPClass } from './services/verification.scp.js';
export type { WorklistPort, WorklistView } from './services/worklist.port.js';
export { worklistSOPClass } from './services/worklist.scp.js';
export { WorklistIndex } from './services/worklist-index.js';
export { toWorklistItem, type WorklistItem } from './services/worklist-item.js';
