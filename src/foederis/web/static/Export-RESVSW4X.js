import{a}from"./chunk-U4OLIHWM.js";import"./chunk-JZ4UKRST.js";import"./chunk-J4EQQLRF.js";import"./chunk-SQE76S5B.js";export{a as Export};
