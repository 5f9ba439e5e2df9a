import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ActionOutcomeKind, VisitStatus } from '../../platform/database/generated/enums.js';
import { isOutcomeSettled } from './decision-action.rules.js';
import type { ActionOutcome } from './decision-action.type.js';

/** An action, as far as it says what it has made. */
export interface Maker {
  readonly becameKind: ActionOutcomeKind | null;
  readonly becameId: string | null;
}

interface State {
  readonly state: string;
  readonly visitStates: readonly VisitStatus[];
}

/** What became of actions, as it stands in the rooms that own it: read afresh whenever somebody looks. */
@Injectable()
export class DecisionOutcomeService {
  /** By id of what was made, in one statement for each kind of thing, for any number of actions. */
  async outcomesOf(client: Tx, makers: readonly Maker[]): Promise<ReadonlyMap<string, ActionOutcome>> {
    const states = new Map<string, State>([
      ...(await this.#requests(client, idsOf(makers, 'IMAGING_REQUEST'))),
      ...(await this.#treatments(client, idsOf(makers, 'TREATMENT'))),
      ...(await this.#wishes(client, idsOf(makers, 'VISIT_REQUEST'))),
      ...(await this.#letters(client, idsOf(makers, 'DECISION_LETTER'))),
    ]);
    return new Map(
      makers.flatMap(({ becameKind: kind, becameId: id }) =>
        kind === null || id === null ? [] : [[id, toOutcome(kind, id, states.get(id) ?? null)]],
      ),
    );
  }

  async #requests(client: Tx, ids: readonly string[]): Promise<readonly (readonly [string, State])[]> {
    if (ids.length === 0) return [];
    const rows = await client.imagingRequest.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, status: true, exposedVisit: { select: { status: true } } },
    });
    return rows.map(({ id, status, exposedVisit }) => [
      id,
      { state: status, visitStates: exposedVisit === null ? [] : [exposedVisit.status] },
    ]);
  }

  async #treatments(client: Tx, ids: readonly string[]): Promise<readonly (readonly [string, State])[]> {
    if (ids.length === 0) return [];
    const rows = await client.treatment.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, status: true },
    });
    return rows.map(({ id, status }) => [id, { state: status, visitStates: [] }]);
  }

  async #wishes(client: Tx, ids: readonly string[]): Promise<readonly (readonly [string, State])[]> {
    if (ids.length === 0) return [];
    const rows = await client.visitRequest.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, status: true, visits: { orderBy: { startsAt: 'asc' }, select: { status: true } } },
    });
    return rows.map(({ id, status, visits }) => [
      id,
      { state: status, visitStates: visits.map((visit) => visit.status) },
    ]);
  }

  async #letters(client: Tx, ids: readonly string[]): Promise<readonly (readonly [string, State])[]> {
    if (ids.length === 0) return [];
    const rows = await client.decisionLetter.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, status: true },
    });
    return rows.map(({ id, status }) => [id, { state: status, visitStates: [] }]);
  }
}

function idsOf(makers: readonly Maker[], kind: ActionOutcomeKind): readonly string[] {
  return makers.flatMap(({ becameKind, becameId }) =>
    becameKind === kind && becameId !== null ? [becameId] : [],
  );
}

/** What is gone went with a lawful destruction, and is settled. */
function toOutcome(kind: ActionOutcomeKind, id: string, found: State | null): ActionOutcome {
  if (found === null) return { kind, id, state: null, visitStates: [], isSettled: true };
  return { kind, id, ...found, isSettled: isOutcomeSettled({ kind, ...found }) };
}
