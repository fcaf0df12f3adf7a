// Parameters of an API as a caller may write them in each of the places for settings.

/** The members of an API, all optional; `undefined` takes back what a less specific place says. */
export type Revocable<Api extends object> = { readonly [Member in keyof Api]?: Api[Member] | undefined };
