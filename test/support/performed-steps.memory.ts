import {
  applySet,
  type CreateOutcome,
  type DataSet,
  judgeSet,
  type PerformedStepPort,
  type SetOutcome,
  type StepChange,
  type StepCreation,
} from '../../src/dicom/index.js';

/** Performed steps in memory, for specs of the protocol. `before` runs ahead of each keeping, and may wait or throw. */
export class PerformedStepsInMemory implements PerformedStepPort {
  readonly steps = new Map<string, DataSet>();
  readonly received: (StepCreation | StepChange)[] = [];
  before: () => Promise<void> = async () => undefined;

  async create(step: StepCreation): Promise<CreateOutcome> {
    this.received.push(step);
    await this.before();
    if (this.steps.has(step.sopInstanceUID)) return { kind: 'duplicate' };
    this.steps.set(step.sopInstanceUID, step.dataSet);
    return { kind: 'created' };
  }

  /** Judged and applied without a pause in between, as a lock would have it. */
  async set(change: StepChange): Promise<SetOutcome> {
    this.received.push(change);
    await this.before();
    const current = this.steps.get(change.sopInstanceUID);
    if (current === undefined) return { kind: 'unknown' };
    const problem = judgeSet(current, change.modifications);
    if (problem === 'already-final') return { kind: 'already-final' };
    if (problem !== null) return { kind: 'invalid', problem };
    this.steps.set(change.sopInstanceUID, applySet(current, change.modifications));
    return { kind: 'changed' };
  }

  async get(sopInstanceUID: string): Promise<DataSet | null> {
    await this.before();
    return this.steps.get(sopInstanceUID) ?? null;
  }
}
