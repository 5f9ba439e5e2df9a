/**
 * Visits whose dose was computed by another row than the one that holds for its day now: protocol, half-life, supplier or
 * terms. Ahead of $1 (timestamptz), and not drawn yet; the next ones first, at most $2.
 */
export const OUTDATED_DOSES = `
  SELECT dose.visit_id AS "visitId"
    FROM planned_doses dose
    LEFT JOIN LATERAL (
      SELECT protocol.id, protocol.tracer_code, tracer.radionuclide_symbol
        FROM dose_protocols protocol JOIN tracers tracer ON tracer.code = protocol.tracer_code
       WHERE protocol.procedure_code = dose.procedure_code AND protocol.effective_from <= dose.held_on
       ORDER BY protocol.effective_from DESC LIMIT 1) protocol ON true
    LEFT JOIN LATERAL (
      SELECT half_life.id FROM radionuclide_half_lives half_life
       WHERE half_life.radionuclide_symbol = protocol.radionuclide_symbol AND half_life.effective_from <= dose.held_on
       ORDER BY half_life.effective_from DESC LIMIT 1) half_life ON true
    LEFT JOIN LATERAL (
      SELECT CASE WHEN supplier.retired_on <= dose.held_on THEN NULL ELSE supplier.id END AS id
        FROM dose_supplies supply JOIN dose_suppliers supplier ON supplier.id = supply.supplier_id
       WHERE supply.site_code = dose.site_code AND supply.tracer_code = protocol.tracer_code
         AND supply.effective_from <= dose.held_on
       ORDER BY supply.effective_from DESC LIMIT 1) supplier ON true
    LEFT JOIN LATERAL (
      SELECT terms.id FROM supplier_terms terms
       WHERE terms.supplier_id = supplier.id AND terms.effective_from <= dose.held_on
       ORDER BY terms.effective_from DESC LIMIT 1) terms ON true
   WHERE dose.status = 'WANTED' AND dose.injection_at > $1::timestamptz
     AND (protocol.id IS DISTINCT FROM dose.protocol_id
       OR (half_life.id IS NOT NULL AND half_life.id <> dose.half_life_id)
       OR supplier.id IS DISTINCT FROM dose.supplier_id
       OR terms.id IS DISTINCT FROM dose.terms_id)
     AND NOT EXISTS (SELECT FROM batch_uses drawn WHERE drawn.visit_id = dose.visit_id AND drawn.given_back_at IS NULL)
   ORDER BY dose.injection_at, dose.id
   LIMIT $2`;
