package dev.servicepool.spring.faults;

import dev.servicepool.fixtures.HaProxy;

/**
 * Tests with HAProxy.
 */
class HaProxyTests extends ProxyTests {

	HaProxyTests() {
		super("haproxy", HaProxy.isInstalled(), HaProxy::before);
	}

}
