package dev.servicepool;

/**
 * What a failed request shows about its service, its connection and its server. Retry,
 * replacement, outlier detection, the load metric and the counters of calls depend on
 * this classification only.
 */
public enum Outcome {

	/**
	 * The request was not sent, or the server has certainly not processed it. For
	 * example, no connection could be established. Counts against the service, but is no
	 * measurement of its load.
	 */
	NOT_SENT,

	/**
	 * The connection was lost before the response was complete, so that it is unknown
	 * whether the server has processed the request. The service stays, because its client
	 * establishes another connection. Counts against the service only if the service has
	 * completed no response since it lost a connection before. If this request has no
	 * response, one that has begun is sufficient.
	 */
	CONNECTION_LOST,

	/** No response arrived in time. Counts against the service. */
	NO_RESPONSE,

	/**
	 * The service responded with an error, or failed in another way. Counts against the
	 * service.
	 */
	SERVER_ERROR,

	/**
	 * The service cannot send any request any more, for example because its client is
	 * terminated. The pool replaces the service.
	 */
	BROKEN,

	/** The request was wrong, so that the failure shows that the service works. */
	CLIENT_ERROR,

	/**
	 * The caller ended the request, for example by an interrupt. The failure shows
	 * nothing about the service.
	 */
	CALLER

}
