package dev.servicepool.spring.http.client;

/**
 * Origins of the connections of a service.
 */
public enum Connections {

	/** The client of each service has connections of its own, as many as it needs. */
	OWN,

	/** The connections are as the application has configured them for all its clients. */
	AS_BUILT

}
