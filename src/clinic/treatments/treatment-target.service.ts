import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { FindingSide, FindingStructure, SpineLevel } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { STANDING_FINDINGS } from './treatment.queries.js';
import { FindingNotStanding, PlacesDoNotFit } from './treatment.refusals.js';
import { someTextOrNull } from './treatment.rules.js';
import { covers, faultsOfPlaces, type NamedPlace, type TreatedPlace } from './treatment-place.rules.js';
import type { TreatmentTargetInput } from './treatment-request.type.js';

/** A place as it is kept. */
export interface WantedTarget extends NamedPlace {
  readonly findingId: string | null;
  readonly noFindingBecause: string | null;
}

/** A place with the finding that suggested it. */
type SuggestedTarget = TreatedPlace & Pick<WantedTarget, 'findingId'>;

interface FindingRow {
  readonly id: string;
  readonly patientId: string;
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide | null;
}

/** Places, and the findings that suggested them. */
@Injectable()
export class TreatmentTargetService {
  /**
   * The places as they are kept. A finding has to be one of the patient's that stand now, and of that place, also when it was
   * named before: a report may have been corrected since, and a plan may be for another side. Throws BAD_INPUT.
   */
  async read(
    tx: Tx,
    patientId: string,
    inputs: readonly TreatmentTargetInput[],
  ): Promise<readonly WantedTarget[] | Refusal> {
    const targets = inputs.map(readTarget);
    const problems = faultsOfPlaces(targets);
    if (problems.length > 0) return new PlacesDoNotFit(problems);
    return (await this.notSuggested(tx, patientId, targets)) ?? targets;
  }

  /** The first of these places whose finding does not stand any more, or is of another place; null: there is none. */
  async notSuggested(
    tx: Tx,
    patientId: string,
    targets: readonly SuggestedTarget[],
  ): Promise<FindingNotStanding | null> {
    const asked = targets.filter(({ findingId }) => findingId !== null);
    const ids = asked.flatMap(({ findingId }) => findingId ?? []);
    if (ids.length === 0) return null;
    const rows = await tx.$queryRawUnsafe<readonly FindingRow[]>(STANDING_FINDINGS, ids);
    const found = new Map(rows.map((row) => [row.id, row]));
    const wrong = asked.find((target) => !suggests(found.get(target.findingId ?? ''), target, patientId));
    return wrong === undefined ? null : new FindingNotStanding(wrong.findingId ?? '');
  }

  /** Those of these findings that stand now. */
  async standing(tx: Tx, findingIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (findingIds.length === 0) return new Set();
    const rows = await tx.$queryRawUnsafe<readonly FindingRow[]>(STANDING_FINDINGS, findingIds);
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes the places of a request (0) or of a plan. */
  async write(
    tx: Tx,
    treatmentId: string,
    planVersion: number,
    targets: readonly WantedTarget[],
  ): Promise<void> {
    await tx.treatmentTarget.createMany({
      data: targets.map((target, at) => ({ ...target, treatmentId, planVersion, position: at + 1 })),
    });
  }
}

function readTarget(input: TreatmentTargetInput): WantedTarget {
  const findingId = input.findingId?.toLowerCase() ?? null;
  const noFindingBecause = someTextOrNull(input.noFindingBecause);
  if ((findingId === null) === (noFindingBecause === null)) {
    throw badInput('targets: name the finding, or say why there is none, and not both.');
  }
  const { structure, side } = input;
  return {
    ...{ structure, side, findingId, noFindingBecause },
    level: input.level ?? null,
    detail: someTextOrNull(input.detail),
  };
}

/**
 * A finding of a joint suggests that joint, and of both sides only when it is of both; one of something else whatever a
 * clinician makes of it.
 */
function suggests(finding: FindingRow | undefined, target: SuggestedTarget, patientId: string): boolean {
  if (finding === undefined || finding.patientId !== patientId) return false;
  const isJoint = finding.structure === 'FACET' || finding.structure === 'SACRO_ILIAC';
  if (!isJoint || finding.side === null || finding.structure !== target.structure) return !isJoint;
  return covers([{ ...finding, side: finding.side }], [target]);
}
