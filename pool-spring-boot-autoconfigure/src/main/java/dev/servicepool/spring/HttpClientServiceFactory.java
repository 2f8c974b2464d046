package dev.servicepool.spring;

import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.http.HttpCall;

import org.springframework.http.client.ClientHttpResponse;

/**
 * {@link ServiceFactory} whose services are HTTP clients. Declare a bean of this type to
 * create the clients of a pool yourself: <pre class="code">
 * &#064;Bean
 * HttpClientServiceFactory quotes() {
 *     return (target) -&gt; HttpClientService.of(target, new JdkClientHttpRequestFactory());
 * }
 * </pre>
 */
@FunctionalInterface
public interface HttpClientServiceFactory extends ServiceFactory<HttpCall, ClientHttpResponse> {

}
