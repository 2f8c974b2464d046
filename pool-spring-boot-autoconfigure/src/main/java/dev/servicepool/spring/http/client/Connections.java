package dev.servicepool.spring.http.client;

/**
 * Connections that the HTTP client of a service uses.
 */
public enum Connections {

	/** The client of each service has connections of its own, as many as it needs. */
	OWN,

	/** The connections are as the application has configured them for all its clients. */
	AS_BUILT

}
