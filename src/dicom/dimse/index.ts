// PS3.7: what the layers above may use of messages.
export { Assembler, type AssemblerLimits, type Message } from './assembler.js';
export {
  type Cancel,
  type Command,
  encodeResponse,
  type Request,
  type RequestName,
  type Response,
} from './commands.js';
export { DimseProblem } from './dimse-problem.js';
export { type Exchange, type Interruption, othersFirst } from './exchange.js';
export { fragmentMessage, MessageSeries } from './fragmenter.js';
export { fragmentCountMax, messageBytesMax, peerPduBytesMin } from './limits.js';
export { decodeResponse, encodeRequest, type ResponseSeen } from './requests.js';
export { type Status, statuses } from './status.js';
