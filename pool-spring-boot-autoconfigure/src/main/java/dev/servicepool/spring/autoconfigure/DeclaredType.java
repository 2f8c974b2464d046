package dev.servicepool.spring.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * Looks up with which type arguments a bean is declared, which its instance need not
 * know: a lambda does not.
 */
final class DeclaredType {

	private DeclaredType() {
	}

	/**
	 * Return the type of a bean.
	 * @param beanFactory where the bean is defined
	 * @param bean the name of the bean, of which no instance is created
	 * @param type the generic type that the bean has
	 * @return that type, with its arguments as far as they are declared
	 */
	static ResolvableType of(ConfigurableListableBeanFactory beanFactory, String bean, Class<?> type) {
		ResolvableType declared = beanFactory.containsBeanDefinition(bean)
				? beanFactory.getMergedBeanDefinition(bean).getResolvableType().as(type) : ResolvableType.NONE;
		if (declared == ResolvableType.NONE) {
			declared = ResolvableType.forClass(beanFactory.getType(bean)).as(type);
		}
		return (declared != ResolvableType.NONE) ? declared : ResolvableType.forClass(type);
	}

}
