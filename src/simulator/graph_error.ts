/** An error of the Graph API, before it is written down in Meta's JSON. */
export interface GraphError {
  readonly status: number;
  readonly code: number;
  readonly subcode?: number;
  readonly type: "OAuthException" | "IGApiException";
  readonly message: string;
  readonly transient?: boolean;
}

/** An answer of the Graph API: a value, or an error. */
export type GraphAnswer = { readonly body: unknown } | { readonly error: GraphError };

type Rest = Partial<Pick<GraphError, "status" | "subcode" | "transient" | "type">>;

export function graphError(code: number, message: string, rest: Rest = {}): GraphError {
  return { status: 400, type: "IGApiException", code, message, ...rest };
}

export const windowClosed: GraphError = graphError(10, "This message is sent outside of allowed window.", {
  subcode: 2534022,
});

export const recipientUnavailable: GraphError = graphError(551, "This person isn't available right now.", {
  subcode: 1545041,
});

export const unknownRecipient: GraphError = graphError(100, "No matching Instagram user", { subcode: 2534014 });

export const tokenExpired: GraphError = graphError(190, "Error validating access token: Session has expired", {
  status: 401,
  type: "OAuthException",
  subcode: 463,
});

export const tokenInvalid: GraphError = graphError(190, "Invalid OAuth access token - Cannot parse access token", {
  status: 401,
  type: "OAuthException",
});

export const objectMissing: GraphError = graphError(
  100,
  "Unsupported get request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
  { subcode: 33 },
);

export function badParameter(message: string, subcode?: number): GraphError {
  return graphError(100, `(#100) ${message}`, subcode === undefined ? {} : { subcode });
}

/** The error in Meta's shape. */
export function errorBody(error: GraphError): unknown {
  return {
    error: {
      message: error.message,
      type: error.type,
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.transient === undefined ? {} : { is_transient: error.transient }),
      fbtrace_id: "APretendTraceIdOfMoca",
    },
  };
}
