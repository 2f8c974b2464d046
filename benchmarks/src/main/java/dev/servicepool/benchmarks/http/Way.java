package dev.servicepool.benchmarks.http;

import dev.servicepool.spring.RestClientPools;

import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * Ways to send a request.
 */
public enum Way {

	/** Client of an application without pools. */
	DIRECT("http://orders/quotes", false),

	/** Client whose request factory finds the pool. The pool has one server. */
	ROUTED("http://stock/quotes", true),

	/**
	 * Same as {@link #ROUTED}, but requests have a deadline, and are sent again after
	 * timeouts and after a status. No request needs a second attempt.
	 */
	RETRIES_AND_DEADLINE("http://retried/quotes", true),

	/** Same as {@link #ROUTED}, but the servers of the pool have other addresses. */
	ROUTED_ELSEWHERE("http://orders/quotes", true),

	/** Same as {@link #ROUTED}, but no pool serves the address. */
	NOT_POOLED("http://elsewhere/quotes", true),

	/** Client that {@link RestClientPools} configured for the pool. */
	INTERCEPTOR("http://orders/quotes", true) {

		@Override
		RestClient client(ApplicationContext application) {
			return builder(application).apply(application.getBean(RestClientPools.class).fromPool("orders")).build();
		}

	},

	/** Client of Spring Cloud LoadBalancer. */
	LOAD_BALANCER("http://stock/quotes", false) {

		@Override
		RestClient client(ApplicationContext application) {
			return application.getBean(Application.BALANCED, RestClient.Builder.class).build();
		}

	};

	final String uri;

	final boolean pooled;

	Way(String uri, boolean pooled) {
		this.uri = uri;
		this.pooled = pooled;
	}

	RestClient client(ApplicationContext application) {
		return builder(application).build();
	}

	private static RestClient.Builder builder(ApplicationContext application) {
		return application.getBean(RestClient.Builder.class);
	}

}
