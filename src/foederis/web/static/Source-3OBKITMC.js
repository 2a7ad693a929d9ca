import{e as a,f as b}from"./chunk-U3MMPLD4.js";import"./chunk-NVTJSIC6.js";import"./chunk-WGHJM7GW.js";import"./chunk-J4EQQLRF.js";import"./chunk-SQE76S5B.js";export{b as Source,a as sourceWord};
