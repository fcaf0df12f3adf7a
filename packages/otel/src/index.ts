// Entry point of @turnstream/otel: spans and metrics of an agent's runs, as middleware.

export { type TelemetryOptions, telemetry } from './telemetry.ts';
