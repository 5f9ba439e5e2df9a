// PS3.4 Annex A: Verification. C-ECHO proves that both sides speak.
import type { DicomObserver } from '../association/index.js';
import { statuses } from '../dimse/index.js';
import type { Service } from './service.js';

export const verificationSOPClass = '1.2.840.10008.1.1';

export function createVerificationService(observe: DicomObserver): Service {
  return {
    sopClass: verificationSOPClass,
    requestNames: ['C-ECHO-RQ'],
    negotiate: null,
    perform: async (exchange, { peer, association }) => {
      await exchange.respond({ status: statuses.success });
      observe({ type: 'echo-answered', association, peerId: peer.id });
    },
  };
}
