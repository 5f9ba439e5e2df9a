import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables that are only ever added to; and whose rows a merge of two patients, or an ending, may touch. */
const APPEND_ONLY = ['outcome_scores', 'risk_task_events', 'risk_task_policies'];

const TABLES = [...APPEND_ONLY, 'risk_tasks', 'instrument_wordings'];

/** Tables that say whose each row is. */
const OF_PATIENTS = ['outcome_scores', 'risk_tasks'];

export const OUTCOMES_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_answers_possible' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_missing_counted' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_total_in_bounds' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_period_of_nrs' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_taken_before' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_named' },
  { kind: 'check', table: 'outcome_scores', name: 'outcome_scores_first_or_reasoned' },
  { kind: 'trigger', table: 'outcome_scores', name: 'outcome_scores_in_order', contains: 'BEFORE INSERT' },
  {
    kind: 'trigger',
    table: 'outcome_scores',
    name: 'outcome_scores_risk_told',
    contains: 'INITIALLY DEFERRED',
  },
  { kind: 'check', table: 'risk_tasks', name: 'risk_tasks_answered' },
  { kind: 'check', table: 'risk_tasks', name: 'risk_tasks_claimed' },
  { kind: 'check', table: 'risk_tasks', name: 'risk_tasks_closed_in_words' },
  { kind: 'check', table: 'risk_tasks', name: 'risk_tasks_escalation_whole' },
  { kind: 'index', table: 'risk_tasks', name: 'risk_tasks_unclosed' },
  { kind: 'trigger', table: 'risk_tasks', name: 'risk_tasks_of_answer', contains: 'BEFORE INSERT' },
  { kind: 'trigger', table: 'risk_tasks', name: 'risk_tasks_guarded', contains: 'BEFORE DELETE OR UPDATE' },
  {
    kind: 'trigger',
    table: 'patient_alerts',
    name: 'patient_alerts_task_closed',
    contains: 'BEFORE UPDATE OF ended_at',
  },
  { kind: 'check', table: 'risk_task_events', name: 'risk_task_events_in_words' },
  { kind: 'check', table: 'risk_task_policies', name: 'risk_task_policies_in_bounds' },
  { kind: 'check', table: 'risk_task_policies', name: 'risk_task_policies_sourced' },
  { kind: 'check', table: 'instrument_wordings', name: 'instrument_wordings_licensed' },
  { kind: 'check', table: 'instrument_wordings', name: 'instrument_wordings_named' },
  { kind: 'check', table: 'instrument_wordings', name: 'instrument_wordings_days' },
  { kind: 'check', table: 'instrument_wordings', name: 'instrument_wordings_ended_whole' },
  { kind: 'check', table: 'instrument_wordings', name: 'instrument_wordings_whole_form' },
  { kind: 'exclusion', table: 'instrument_wordings', name: 'instrument_wordings_one_at_a_time' },
  {
    kind: 'trigger',
    table: 'instrument_wordings',
    name: 'instrument_wordings_stay',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  ...APPEND_ONLY.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_append_only`,
      contains: 'BEFORE DELETE OR UPDATE',
    }),
  ),
  ...TABLES.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_no_truncate`,
      contains: 'BEFORE TRUNCATE',
    }),
  ),
  ...OF_PATIENTS.flatMap((table): readonly RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_held`, contains: 'BEFORE DELETE' },
    {
      kind: 'trigger',
      table,
      name: `${table}_of_live_patient`,
      contains: 'BEFORE INSERT OR UPDATE OF patient_id',
    },
  ]),
];
