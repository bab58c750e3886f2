/** Whether what somebody showed is the secret, in a time that says nothing of where the two differ. */
export const isSameSecret = (given: string, right: string): boolean => {
  let differences = given.length ^ right.length;
  for (let at = 0; at < right.length; at++) differences |= given.charCodeAt(at) ^ right.charCodeAt(at);
  return differences === 0;
};
