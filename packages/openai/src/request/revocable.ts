// The type of an API's parameters on the client, the agent or a run.

/** The members of an API, all optional; `undefined` removes what a less specific level set. */
export type Revocable<Api extends object> = { readonly [Member in keyof Api]?: Api[Member] | undefined };
