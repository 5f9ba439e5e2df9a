// PS3.4 §6.7: a service class, as the rest of the library sees it.
import type { AssociationFacts, Peer } from '../association/index.js';
import { type Exchange, type RequestName, statuses } from '../dimse/index.js';

export interface ServiceContext {
  readonly peer: Peer;
  readonly association: AssociationFacts;
}

export interface Service {
  readonly sopClass: string;
  /** The DIMSE requests that the service answers. */
  readonly requestNames: readonly RequestName[];
  /** The answer to SOP class extended negotiation, of as many bytes as were offered; null: there is none. */
  readonly negotiate: ((offered: Uint8Array) => Uint8Array) | null;
  perform(exchange: Exchange, context: ServiceContext): Promise<void>;
}

/**
 * Hands a request to its service. A request that belongs to another SOP class than its presentation context gets
 * 0122, one that the service does not know 0211. Returns the status of a refusal, or null when a service answered.
 */
export async function performRequest(
  services: readonly Service[],
  exchange: Exchange,
  context: ServiceContext,
): Promise<number | null> {
  const { request, abstractSyntax } = exchange;
  const service = services.find((each) => each.sopClass === abstractSyntax);
  if (service === undefined || request.sopClass !== abstractSyntax) {
    await exchange.respond({ status: statuses.sopClassNotSupported });
    return statuses.sopClassNotSupported;
  }
  if (request.name === null || !service.requestNames.includes(request.name)) {
    await exchange.respond({ status: statuses.unrecognisedOperation });
    return statuses.unrecognisedOperation;
  }
  await service.perform(exchange, context);
  return null;
}
