package dev.servicepool.benchmarks.http;

import dev.servicepool.spring.autoconfigure.RestClientPools;

import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * The ways that a request can go.
 */
public enum Way {

	/** As if there were no pools. */
	DIRECT("http://orders/quotes", false),

	/** By a client whose request factory finds the pool, which has one server. */
	ROUTED("http://stock/quotes", true),

	/** As {@link #ROUTED}, to a pool of servers with other addresses. */
	ROUTED_ELSEWHERE("http://orders/quotes", true),

	/** By such a client, to where no pool is. */
	NOT_POOLED("http://elsewhere/quotes", true),

	/** By a client that was set up for the pool. */
	INTERCEPTOR("http://orders/quotes", true) {

		@Override
		RestClient client(ApplicationContext application) {
			return builder(application).apply(application.getBean(RestClientPools.class).fromPool("orders")).build();
		}

	},

	/** By Spring Cloud LoadBalancer. */
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
