// Settings of a model call, said in three places: on the client, on the agent, on one run. The most specific wins.

/** Settings of a model call. `Parameters` are the client's own, such as `temperature`. */
export interface CallSettings<Parameters extends object = object> {
  /** The model, or on Azure the deployment, instead of the client's. */
  readonly model?: string | undefined;
  /** Parameters of the client's API, merged member by member; `undefined` removes a less specific one. */
  readonly parameters?: Parameters | undefined;
  /** HTTP headers, merged by name, ignoring case; `null` removes a less specific one. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
}

/** The settings of both; where both say something, the more specific counts. */
export function mergeSettings<Parameters extends object>(
  general: CallSettings<Parameters>,
  specific: CallSettings<Parameters>,
): CallSettings<Parameters> {
  const model = specific.model ?? general.model;
  const parameters = merged(general.parameters, specific.parameters);
  const headers = mergedHeaders(general.headers, specific.headers);
  return {
    ...(model === undefined ? {} : { model }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function merged<Members extends object>(
  general: Members | undefined,
  specific: Members | undefined,
): Members | undefined {
  return general === undefined || specific === undefined ? (specific ?? general) : { ...general, ...specific };
}

function mergedHeaders(general: CallSettings['headers'], specific: CallSettings['headers']): CallSettings['headers'] {
  if (general == null || specific == null) return specific ?? general;
  const overridden = new Set(Object.keys(specific).map((name) => name.toLowerCase()));
  const kept = Object.entries(general).filter(([name]) => !overridden.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...specific };
}
